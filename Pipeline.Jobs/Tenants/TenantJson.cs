using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Tenants;

/// <summary>The JSON of tenants' limits, for the API, its clients and the storage.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TenantLimits))]
[JsonSerializable(typeof(TenantView))]
[JsonSerializable(typeof(TenantList))]
public sealed partial class TenantJson : JsonSerializerContext;
