namespace Pipeline.Jobs.Telemetry;

/// <summary>Names that metrics and spans of all projects share.</summary>
public static class TelemetryNames
{
    /// <summary>Of every meter and activity source of the product; the rest of its name is the project's.</summary>
    public const string Prefix = "Pipeline.";

    public const string Jobs = Prefix + "Jobs";
    public const string Worker = Prefix + "Worker";

    /// <summary>A job's id.</summary>
    public const string Job = "pipeline.job";

    /// <summary>A shard's index in its job, from 0.</summary>
    public const string Shard = "pipeline.shard";

    /// <summary>Number of the attempt of a shard, from 1.</summary>
    public const string Attempt = "pipeline.attempt";

    /// <summary>Why a row is a failure, in the dataset's word; <see cref="NoFailure"/> of an annotated one.</summary>
    public const string Failure = "pipeline.failure";
    public const string NoFailure = "none";

    public const string Outcome = "pipeline.outcome";
    public const string Stage = "pipeline.stage";
    public const string State = "pipeline.state";
    public const string Table = "pipeline.table";
}
