using System.Text.Json.Serialization;

namespace Pipeline.Model.Configuration;

/// <summary>How configs are read, without reflection: a trimmed program keeps no more of a type than it names.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LlamaConfig))]
[JsonSerializable(typeof(ClipVisionConfig))]
internal sealed partial class ConfigJson : JsonSerializerContext;
