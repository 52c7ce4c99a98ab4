namespace Scenes.Tests;

public sealed class SceneSeedsTests
{
    [Fact]
    public void The_ranges_have_no_seed_in_common()
    {
        Assert.True(SceneSeeds.Training(SceneSeeds.RangeLength - 1) < SceneSeeds.Validation(0));
        Assert.True(SceneSeeds.Validation(SceneSeeds.RangeLength - 1) < SceneSeeds.HeldOut(0, 0));
        Assert.NotEqual(SceneSeeds.HeldOut(0, (1 << 24) - 1), SceneSeeds.HeldOut(1, 0));
    }

    [Fact]
    public void Indices_outside_a_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneSeeds.Training(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneSeeds.Training(SceneSeeds.RangeLength));
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneSeeds.HeldOut(0, 1 << 24));
        Assert.Throws<ArgumentOutOfRangeException>(() => SceneSeeds.HeldOut(70_000, 0));
    }
}
