using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Previews;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ShardPreviews))]
internal sealed partial class PreviewJson : JsonSerializerContext;
