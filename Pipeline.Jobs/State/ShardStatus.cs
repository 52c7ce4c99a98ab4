using System.Text.Json.Serialization;

namespace Pipeline.Jobs.State;

/// <summary>How far a shard got. Written by whoever runs it, at most once a second.</summary>
public sealed record ShardStatus
{
    public required int Shard { get; init; }
    public required ShardPhase Phase { get; init; }

    /// <summary>Images in the shard.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows finished in this attempt, failures included.</summary>
    public int Done { get; init; }

    /// <summary>Of <see cref="Done"/>, the failures.</summary>
    public int FailedRows { get; init; }

    /// <summary>Of <see cref="FailedRows"/>, how many of each error code; null where nobody said.</summary>
    public IReadOnlyDictionary<string, long>? Failures { get; init; }

    /// <summary>0 before the first try.</summary>
    public int Attempt { get; init; }

    /// <summary>Machine and process that runs it, or ran it last.</summary>
    public string? Worker { get; init; }

    /// <summary>Why the last attempt ended, if it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Null unless workers died on the shard.</summary>
    public ShardCrashes? Crashes { get; init; }

    /// <summary>Time of this write: of a running shard it is the heartbeat.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ShardPhase>))]
public enum ShardPhase
{
    /// <summary>Not started, or handed back.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("committed")]
    Committed,

    /// <summary>The last attempt failed; Hangfire may try again.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
