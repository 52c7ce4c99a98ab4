using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Commit;

/// <summary>Members that are not known are passed over: a newer version's worker may have committed the shard beside.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ShardCommit))]
[JsonSerializable(typeof(JobClaim))]
[JsonSerializable(typeof(DatasetManifest))]
[JsonSerializable(typeof(DatasetSuccess))]
[JsonSerializable(typeof(DatasetVersion))]
internal sealed partial class CommitJson : JsonSerializerContext;
