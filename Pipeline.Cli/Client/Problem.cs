using System.Text.Json.Serialization;
using Pipeline.Jobs.Specs;

namespace Pipeline.Cli.Client;

/// <summary>The members of problem+json that are shown.</summary>
internal sealed record Problem(string? Title, string? Detail, IReadOnlyList<SpecFault>? Errors);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
