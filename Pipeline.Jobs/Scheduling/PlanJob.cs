using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Has the plan committed, and registers its shards as the output shows them: what earlier runs committed is not done again.</summary>
internal sealed class PlanJob(
    ObjectStores stores, JobStore jobs, ShardStore shards, TenantQuota quota, SchedulingOptions options, TimeProvider time, ILogger<PlanJob> logger,
    Fingerprinter? fingerprints = null) : IPlanJob
{
    public async Task RunAsync(string jobId, CancellationToken cancellationToken)
    {
        if (jobs.ShouldStop(jobId))
        {
            return;
        }

        var job = jobs.Find(jobId)!;
        var places = stores.LimitedTo(job.Places);
        var plan = await new Planner(places, fingerprints).PlanAsync(jobId, job.Spec, cancellationToken);
        if (plan.JobId != jobId)
        {
            throw new PermanentJobException(
                $"The output \"{job.Spec.Output}\" holds the plan of {plan.JobId}: submit the job again with an output of its own.");
        }

        var commits = await ListDoneAsync(places.Open(job.Spec.Output), job.Version, cancellationToken);
        using var held = quota.Hold(job.Tenant);
        AssertFits(job, plan);
        jobs.SetPlanned(jobId, () =>
        {
            var known = shards.List(jobId).ToDictionary(status => status.Shard);
            return [.. plan.Shards.Select(shard =>
                commits.TryGetValue(shard.Index, out var commit) ? Committed(commit) : Open(shard, known.GetValueOrDefault(shard.Index)))];
        });
        Log.Planned(logger, jobId, plan.Rows, plan.Shards.Count, commits.Count);
    }

    private void AssertFits(JobRecord job, JobPlan plan)
    {
        try
        {
            quota.AssertImagesFit(job.Tenant, job.Id, plan.Rows);
        }
        catch (QuotaException e)
        {
            throw new PermanentJobException(e.Message);
        }
    }

    /// <summary>In a later version the shards without failed rows are done from the start.</summary>
    private static async Task<Dictionary<int, ShardCommit>> ListDoneAsync(IObjectStore output, int version, CancellationToken cancellationToken)
    {
        var done = await new CommitLog(output).ListAsync(cancellationToken)
            .Where(commit => version == 1 || commit.FailedRows == 0)
            .ToDictionaryAsync(commit => commit.Shard, cancellationToken: cancellationToken);
        if (version > 1)
        {
            await foreach (var commit in new CommitLog(output, version).ListAsync(cancellationToken))
            {
                done[commit.Shard] = commit;
            }
        }

        return done;
    }

    private static ShardStatus Committed(ShardCommit commit) => new()
    {
        Shard = commit.Shard,
        Phase = ShardPhase.Committed,
        Rows = commit.Rows,
        Done = commit.Rows,
        FailedRows = commit.FailedRows,
        Failures = commit.Statistics?.Failures,
        Attempt = commit.Attempt,
        Worker = commit.Worker,
        UpdatedAt = commit.CommittedAt,
    };

    /// <summary>The count of attempts goes on over all runs; one that an earlier run left running says so itself until it stops.</summary>
    private ShardStatus Open(PlannedShard shard, ShardStatus? known) => known is not null && known.IsRunning(time.GetUtcNow(), options.HeartbeatTimeout)
        ? known
        : new ShardStatus
        {
            Shard = shard.Index,
            Phase = ShardPhase.Pending,
            Rows = shard.Rows,
            Attempt = known?.Attempt ?? 0,
            Worker = known?.Worker,
            UpdatedAt = time.GetUtcNow(),
        };
}
