using Pipeline.Jobs.Commit;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Has the failed rows of a finished dataset made again, and no others; they count all at once, as the dataset's next version.</summary>
public sealed class FailedRowsRetry(ObjectStores stores, JobStore jobs, TenantQuota quota)
{
    /// <summary>Starts it.</summary>
    /// <returns>Why it cannot be; null if it was.</returns>
    /// <exception cref="ObjectStoreException">The dataset cannot be read.</exception>
    /// <exception cref="QuotaException">Its tenant has all the jobs that it may have.</exception>
    public async Task<string?> TryStartAsync(string jobId, CancellationToken cancellationToken)
    {
        if (jobs.Find(jobId) is not { State: JobState.Completed or JobState.CompletedWithErrors } job)
        {
            return "failed rows are made again once a job is completed";
        }

        return await new DatasetReader(stores.LimitedTo(job.Places).Open(job.Spec.Output)).FindSuccessAsync(cancellationToken) switch
        {
            null => $"'{job.Spec.Output}' holds no finished dataset any more; submit the job again to have it made",
            { FailedRows: 0 } => "its dataset has no failed rows",
            var success => TryStart(job, Math.Max(1, success.Version) + 1),
        };
    }

    private string? TryStart(JobRecord job, int version)
    {
        using var held = quota.Hold(job.Tenant);
        quota.AssertJobFits(job.Tenant, job.Id);
        return jobs.TryStartRetry(job.Id, version) ? null : "somebody was faster";
    }
}
