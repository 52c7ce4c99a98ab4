namespace Pipeline.Cli.Benchmarks;

/// <summary>What <c>bench pipeline</c> measures.</summary>
internal sealed record PipelineBenchSettings
{
    /// <summary>Free folder, in S3 or local, for images and datasets.</summary>
    public required string Folder { get; init; }

    /// <summary>Numbers of listed objects to plan.</summary>
    public required IReadOnlyList<int> Listed { get; init; }

    /// <summary>Rows of the runs that costs are taken from.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Numbers of worker processes of the scale-out.</summary>
    public required IReadOnlyList<int> Workers { get; init; }

    /// <summary>Seconds of an answer in the scale-out.</summary>
    public required double Latency { get; init; }

    /// <summary>Images that the engine of the scale-out answers at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>Seconds that a run of the scale-out takes at least.</summary>
    public required double Seconds { get; init; }

    /// <summary>Length of an image file.</summary>
    public required int ImageBytes { get; init; }
}

/// <summary>Planning of so many listed objects in a process of its own.</summary>
internal sealed record PlanResult(int Objects, double Seconds, ProcessCost Cost);

/// <summary>A job from its planning to its dataset.</summary>
/// <param name="Workers">Processes.</param>
/// <param name="Rows">Of the dataset.</param>
/// <param name="RowsPerSecond">From the first shard's start to the last one's commit.</param>
/// <param name="Cost">CPU of all workers together, peak of the one that took most.</param>
/// <param name="Before">Of the database, before the job.</param>
/// <param name="After">Of the database, behind it.</param>
internal sealed record JobResult(int Workers, int Rows, double RowsPerSecond, ProcessCost Cost, DatabaseCounts Before, DatabaseCounts After);

/// <summary>All that was measured.</summary>
internal sealed record PipelineBenchReport(IReadOnlyList<PlanResult> Plans, IReadOnlyList<JobResult> Costs, IReadOnlyList<JobResult> ScaleOut);
