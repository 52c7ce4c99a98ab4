using System.Text.Json.Serialization;

namespace Pipeline.Jobs.Specs;

/// <summary>How a job is run: its share of the workers, and when it is given up. No part of what the job is: its id does not depend on it, and it can be changed while the job runs.</summary>
public sealed record ScheduleSpec
{
    /// <summary>1 to 10, default 5. Among jobs that wait for workers, each step up doubles a job's share of them.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>Most shards of the job that are under way at a time: 1 to 100,000; null: as many as there are places.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxConcurrentShards { get; init; }

    /// <summary>The job fails if its images are not done by then; null: it may take as long as it takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The job fails once more rows than these are failures, images that its filters leave out among them: 0 or more; null: any number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MaxFailedRows { get; init; }

    /// <summary>The job fails once more of its planned rows than this share are failures: 0 to 1; null: all may be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MaxFailedShare { get; init; }

    public const int DefaultPriority = 5;
    public const int HighestPriority = 10;
}
