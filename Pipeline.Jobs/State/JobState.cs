using System.Text.Json.Serialization;

namespace Pipeline.Jobs.State;

/// <summary>Where a job stands. The last four are terminal; re-submitting a failed or cancelled job continues it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
public enum JobState
{
    [JsonStringEnumMemberName("planning")]
    Planning,

    [JsonStringEnumMemberName("in_progress")]
    InProgress,

    /// <summary>No shard is begun; those that ran when it was paused end in their own time.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("finalizing")]
    Finalizing,

    [JsonStringEnumMemberName("cancelling")]
    Cancelling,

    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Every image has its row, and some of the rows are failures.</summary>
    [JsonStringEnumMemberName("completed_with_errors")]
    CompletedWithErrors,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
