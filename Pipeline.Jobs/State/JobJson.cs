using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.State;

/// <summary>
/// The JSON of jobs, for the API, its clients and the storage: snake_case. Members that are not known are passed over: workers of two versions may share a
/// storage while one takes the other's place.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(ScheduleSpec))]
[JsonSerializable(typeof(DryRunReport))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(ShardPage))]
[JsonSerializable(typeof(FailurePage))]
[JsonSerializable(typeof(ShardStatus))]
[JsonSerializable(typeof(JobProgress))]
[JsonSerializable(typeof(JobOutcome))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(JobState))]
public sealed partial class JobJson : JsonSerializerContext
{
    /// <summary>The state's name in JSON, for example "in_progress".</summary>
    public static string NameOf(JobState state) => JsonSerializer.Serialize(state, Default.JobState).Trim('"');

    /// <summary>The state of a name that <see cref="NameOf"/> gave.</summary>
    public static JobState StateOf(string name) => JsonSerializer.Deserialize($"\"{name}\"", Default.JobState);
}
