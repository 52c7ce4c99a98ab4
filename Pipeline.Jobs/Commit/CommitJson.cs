using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Commit;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ShardCommit))]
[JsonSerializable(typeof(JobClaim))]
[JsonSerializable(typeof(DatasetManifest))]
[JsonSerializable(typeof(DatasetSuccess))]
[JsonSerializable(typeof(DatasetVersion))]
internal sealed partial class CommitJson : JsonSerializerContext;
