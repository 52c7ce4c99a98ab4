using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class SelectionValidatorTests
{
    [Theory]
    [InlineData("""{ "filters": {} }""")]
    [InlineData("""{ "filters": { "min_width": 1000000, "min_height": 224, "max_aspect": 1, "min_contrast": 127.5 }, "duplicates": {} }""")]
    [InlineData("""{ "duplicates": { "find": "near", "action": "skip", "max_bits": 7 } }""")]
    public void What_an_image_can_pass_is_taken(string members) => Assert.Empty(FaultsOf(members));

    [Theory]
    [InlineData("""{ "filters": { "min_width": -1 } }""", "/filters/min_width")]
    [InlineData("""{ "filters": { "min_height": 1000001 } }""", "/filters/min_height")]
    [InlineData("""{ "filters": { "max_aspect": 0.5 } }""", "/filters/max_aspect")]
    [InlineData("""{ "filters": { "min_contrast": 128 } }""", "/filters/min_contrast")]
    [InlineData("""{ "filters": { "minWidth": 1 } }""", "/filters/minWidth")]
    [InlineData("""{ "duplicates": { "find": "same" } }""", "/duplicates/find")]
    [InlineData("""{ "duplicates": { "action": "delete" } }""", "/duplicates/action")]
    [InlineData("""{ "duplicates": { "max_bits": 8 } }""", "/duplicates/max_bits")]
    public void What_none_can_is_named_with_the_mend(string members, string pointer)
    {
        var fault = Assert.Single(FaultsOf(members));
        Assert.Equal(pointer, fault.Pointer);
        Assert.Matches(@"^.{20,}\.$", fault.Detail);
    }

    private static IReadOnlyList<SpecFault> FaultsOf(string members)
    {
        var reading = JobSpecReader.Read($$"""{ "source": "/in", "output": "/out", "model": "/m", {{members.Trim()[1..]}}""");
        return [.. reading.Faults, .. SelectionValidator.Validate(reading.Spec)];
    }
}
