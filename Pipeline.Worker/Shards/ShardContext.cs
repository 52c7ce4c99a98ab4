using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;

namespace Pipeline.Worker.Shards;

/// <summary>One shard of one job, with all that belongs to it.</summary>
internal sealed record ShardContext
{
    public required JobSpec Spec { get; init; }
    public required JobPlan Plan { get; init; }
    public required PlannedShard Shard { get; init; }
    public required IObjectStore Output { get; init; }

    /// <summary>Opens what the job may use.</summary>
    public required ObjectStores Stores { get; init; }

    /// <summary>Of the dataset: in a later one than the first only failed rows are made, and the others are taken over.</summary>
    public int Version { get; init; } = 1;

    public Task<IReadOnlyList<PlannedImage>> ReadImagesAsync(CancellationToken cancellationToken) =>
        new PlanReader(Output).ReadShardAsync(Shard, cancellationToken);

    /// <exception cref="PermanentJobException">There is no such job, plan or shard any more.</exception>
    public static async Task<ShardContext> OpenAsync(JobStore jobs, ObjectStores stores, string jobId, int shard, CancellationToken cancellationToken)
    {
        var job = jobs.Find(jobId) ?? throw new PermanentJobException($"The storage does not know job {jobId}: submit its spec again.");
        var spec = job.Spec;
        var places = stores.LimitedTo(job.Places);
        var output = places.Open(spec.Output);
        var plan = await new PlanReader(output).FindAsync(cancellationToken)
            ?? throw new PermanentJobException($"'{spec.Output}' holds no plan any more: submit the job again to have it planned anew.");
        return plan.JobId == jobId && shard < plan.Shards.Count
            ? new ShardContext { Spec = spec, Plan = plan, Shard = plan.Shards[shard], Output = output, Stores = places, Version = job.Version }
            : throw new PermanentJobException($"The plan in '{spec.Output}' is of job {plan.JobId} with {plan.Shards.Count} shards: it has no shard {shard} of job {jobId}.");
    }
}
