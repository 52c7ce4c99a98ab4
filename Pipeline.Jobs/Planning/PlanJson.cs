using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Planning;

/// <summary>Unknown members are refused: a worker that does not know what a plan asks for must leave its shards to one that does.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JobPlan))]
internal sealed partial class PlanJson : JsonSerializerContext;
