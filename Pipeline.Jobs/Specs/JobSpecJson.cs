using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>The one JSON form of a spec: snake_case members in the order of <see cref="JobSpec"/>, every member present.</summary>
/// <remarks>Equal specs give equal bytes, which is what <see cref="JobId"/> and the claim of an output rest on.</remarks>
public static class JobSpecJson
{
    public static string Write(JobSpec spec) => JsonSerializer.Serialize(spec, JobSpecJsonContext.Default.JobSpec);

    /// <summary>Reads what <see cref="Write"/> wrote. A person's JSON goes through <see cref="JobSpecReader"/>, which names every fault.</summary>
    /// <exception cref="JsonException">Not the JSON of a spec.</exception>
    public static JobSpec Parse(string json) =>
        JsonSerializer.Deserialize(json, JobSpecJsonContext.Default.JobSpec) ?? throw new JsonException("The JSON is null, not a job spec.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(IReadOnlyList<Question>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class JobSpecJsonContext : JsonSerializerContext;
