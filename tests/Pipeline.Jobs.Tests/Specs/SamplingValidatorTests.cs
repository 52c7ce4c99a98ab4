using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Specs.Validation;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class SamplingValidatorTests
{
    public static TheoryData<SamplingSpec, string[]> Cases => new()
    {
        { new SamplingSpec(), [] },
        { new SamplingSpec { Temperature = 2, TopP = 1e-9, TopK = int.MaxValue, MinP = 1, RepetitionPenalty = 0.1, Seed = long.MinValue, Stop = ["\n"] }, [] },
        { new SamplingSpec { Temperature = -0.1, TopP = 0, TopK = -1, MinP = -0.1, RepetitionPenalty = 0 }, ["temperature", "top_p", "top_k", "min_p", "repetition_penalty"] },
        { new SamplingSpec { Temperature = 2.1, TopP = 1.1, MinP = 1.1, RepetitionPenalty = double.PositiveInfinity }, ["temperature", "top_p", "min_p", "repetition_penalty"] },
        { new SamplingSpec { Temperature = double.NaN, TopP = double.NaN, MinP = double.NaN, RepetitionPenalty = double.NaN }, ["temperature", "top_p", "min_p", "repetition_penalty"] },
        { new SamplingSpec { Stop = ["a", "", ""] }, ["stop/1", "stop/2"] },
        { new SamplingSpec { Stop = [.. Enumerable.Repeat("x", 17)] }, ["stop"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_member_out_of_its_range_is_a_fault(SamplingSpec sampling, string[] members) => Assert.Equal(
        members.Select(member => $"/sampling/{member}"),
        SamplingValidator.Validate(SpecSamples.Spec() with { Sampling = sampling }).Select(fault => fault.Pointer));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Retries_are_bounded(int retries, bool isValid) => Assert.Equal(
        isValid, !SamplingValidator.Validate(SpecSamples.Spec() with { Quality = new QualitySpec { MaxRetries = retries } }).Any());
}
