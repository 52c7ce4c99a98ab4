using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Tests.Duplicates;

public sealed class DuplicateFinderTests
{
    private static readonly DuplicateSpec s_near = new() { Find = DuplicateKind.Near, MaxBits = 2 };

    [Fact]
    public void The_same_bytes_are_duplicates_of_the_first_that_had_them()
    {
        var finder = new DuplicateFinder(new DuplicateSpec());

        Assert.Equal(
            [null, null, new Duplicate("a", DuplicateKind.Exact), new Duplicate("a", DuplicateKind.Exact), new Duplicate("b", DuplicateKind.Exact)],
            [Find(finder, "a", 1), Find(finder, "b", 2), Find(finder, "c", 1), Find(finder, "d", 1), Find(finder, "e", 2)]);
    }

    [Fact]
    public void Who_asks_for_the_same_bytes_gets_no_others() => Assert.Equal([null, null], FindAll(new DuplicateSpec(), ("a", 1, 0), ("b", 2, 0)));

    [Fact]
    public void A_look_that_is_near_is_a_duplicate_of_a_first_and_never_of_a_duplicate() => Assert.Equal(
        // "c" is near "b" alone, and that is no first: so "c" is one.
        [null, new Duplicate("a", DuplicateKind.Near), null, new Duplicate("a", DuplicateKind.Near), new Duplicate("a", DuplicateKind.Exact)],
        FindAll(s_near, ("a", 1, 0b0000), ("b", 2, 0b0011), ("c", 3, 0b1111), ("d", 2, 0b0011), ("e", 1, 0b0000)));

    [Fact]
    public void Images_without_a_look_are_no_near_duplicates_but_may_be_exact_ones() => Assert.Equal(
        [null, null, new Duplicate("a", DuplicateKind.Exact), null],
        FindAll(s_near, ("a", 1, null), ("b", 2, null), ("c", 1, null), ("d", 3, 0)));

    [Fact]
    public void An_image_of_which_something_else_is_asked_is_no_duplicate()
    {
        var finder = new DuplicateFinder(s_near);
        PlannedImage Row(string key, string questions) => Image(key) with { Questions = questions };

        Assert.Null(finder.Find(Row("a", "What?"), new ImageFingerprint(1, 0)));
        Assert.Null(finder.Find(Row("b", "Where?"), new ImageFingerprint(1, 0)));
        Assert.Equal(new Duplicate("b", DuplicateKind.Near), finder.Find(Row("c", "Where?"), new ImageFingerprint(2, 1)));
        Assert.Equal(new Duplicate("a", DuplicateKind.Exact), finder.Find(Row("d", "What?"), new ImageFingerprint(1, 0)));
    }

    private static List<Duplicate?> FindAll(DuplicateSpec spec, params (string Key, int Content, ulong? Look)[] images)
    {
        var finder = new DuplicateFinder(spec);
        return [.. images.Select(image => finder.Find(Image(image.Key), new ImageFingerprint((UInt128)image.Content, image.Look)))];
    }

    private static Duplicate? Find(DuplicateFinder finder, string key, int content) => finder.Find(Image(key), new ImageFingerprint((UInt128)content, null));

    private static PlannedImage Image(string key) => new(key, "file:///" + key, 1, "");
}
