using System.Collections.Immutable;
using System.Text.Json;

namespace Pipeline.Jobs.Specs;

/// <summary>Reads the sampling of a spec.</summary>
internal static class SamplingReader
{
    private static readonly ImmutableArray<string> s_members =
        ["temperature", "top_p", "top_k", "min_p", "repetition_penalty", "seed", "stop", "logprobs"];

    public static SamplingSpec Read(JsonElement json, string pointer, List<SpecFault> faults)
    {
        var members = JsonMembers.Of(json, pointer, s_members, faults);
        var defaults = new SamplingSpec();
        return new SamplingSpec
        {
            Temperature = members.OptionalNumber("temperature", defaults.Temperature),
            TopP = members.OptionalNumber("top_p", defaults.TopP),
            TopK = members.OptionalInteger("top_k", defaults.TopK),
            MinP = members.OptionalNumber("min_p", defaults.MinP),
            RepetitionPenalty = members.OptionalNumber("repetition_penalty", defaults.RepetitionPenalty),
            Seed = members.OptionalLong("seed", defaults.Seed),
            Stop = [.. members.Items("stop").Select(item => JsonValues.StringOf(item.Value, item.Pointer, faults))],
            LogProbs = members.OptionalBoolean("logprobs", defaults.LogProbs),
        };
    }
}
