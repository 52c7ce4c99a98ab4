using Hangfire;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tenants;

/// <summary>Counts what the jobs of a tenant take, and refuses what is too much. Whoever adds to it holds the tenant meanwhile, so that two cannot both be the last that fits.</summary>
public sealed class TenantQuota(JobStorage storage, JobStore jobs, TenantStore tenants)
{
    /// <summary>Nobody else adds jobs or images to the tenant until this is disposed.</summary>
    /// <param name="tenant">Null: of no tenant, and nothing is held.</param>
    public IDisposable? Hold(string? tenant)
    {
        if (tenant is null)
        {
            return null;
        }

        var connection = storage.GetConnection();
        try
        {
            return new Held(connection.AcquireDistributedLock(JobKeys.ActiveOf(tenant), JobStore.LockPatience), connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Jobs that are not at their end, and the images of those that are planned.</summary>
    public (int Jobs, long Images) Count(string tenant, string? exceptJob = null)
    {
        var active = jobs.ActiveIds(tenant).Where(id => id != exceptJob).Select(jobs.Find).OfType<JobRecord>().Where(job => !job.IsTerminal).ToList();
        return (active.Count, active.Sum(job => job.ImagesTotal ?? 0));
    }

    /// <summary>One more job must fit.</summary>
    /// <exception cref="QuotaException">It does not.</exception>
    public void AssertJobFits(string? tenant, string jobId)
    {
        if (tenant is not null && tenants.Find(tenant)?.MaxActiveJobs is { } most && jobs.ActiveIds(tenant).Count(id => id != jobId) is var active && active >= most)
        {
            throw new QuotaException($"The tenant \"{tenant}\" has {active:N0} jobs under way and may have {most:N0}: wait for the end of one, cancel one, or ask an administrator for more.");
        }
    }

    /// <summary>The images of a planned job must fit.</summary>
    /// <exception cref="QuotaException">They do not.</exception>
    public void AssertImagesFit(string? tenant, string jobId, long images)
    {
        if (tenant is not null && tenants.Find(tenant)?.MaxImages is { } most && Count(tenant, jobId).Images is var taken && taken + images > most)
        {
            throw new QuotaException(
                $"The job has {images:N0} images. The tenant \"{tenant}\" has {taken:N0} in other jobs under way and may have {most:N0}: wait for the end of those and submit the job again, "
                + "divide it, or ask an administrator for more.");
        }
    }

    private sealed class Held(IDisposable held, IDisposable connection) : IDisposable
    {
        public void Dispose()
        {
            held.Dispose();
            connection.Dispose();
        }
    }
}

/// <summary>A tenant has all that it may have. The message says what, and what to do.</summary>
public sealed class QuotaException(string message) : Exception(message);
