using Microsoft.Extensions.Caching.Memory;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Webhooks;

namespace Pipeline.Api.Dashboard;

/// <summary>What a job's page shows of the storage, read once for all who watch: a big job's shards are megabytes.</summary>
internal sealed class JobLooks(JobStore jobs, ShardStore shards, DeliveryStore deliveries, IMemoryCache cache)
{
    /// <summary>A look that is younger is shown again.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _finding = new();

    /// <summary>Null if there is no such job.</summary>
    public JobPageLook? Find(string jobId)
    {
        Lazy<JobPageLook?> look;
        lock (_finding)
        {
            look = cache.GetOrCreate(Key(jobId), entry =>
            {
                entry.AbsoluteExpirationRelativeToNow = s_fresh;
                return new Lazy<JobPageLook?>(() => Read(jobId));
            })!;
        }

        return look.Value;
    }

    /// <summary>Somebody changed the job here, and wants to see it.</summary>
    public void Forget(string jobId) => cache.Remove(Key(jobId));

    private static (string, string) Key(string jobId) => (nameof(JobLooks), jobId);

    private JobPageLook? Read(string jobId)
    {
        if (jobs.Find(jobId) is not { } job)
        {
            return null;
        }

        var tickets = job.IsTerminal ? new Dictionary<int, string>() : shards.Tickets(jobId);
        return new JobPageLook(job, shards.List(jobId), tickets, deliveries.List(jobId));
    }
}

/// <summary>A job at one moment.</summary>
/// <param name="Job">As the storage has it.</param>
/// <param name="Shards">In order.</param>
/// <param name="Tickets">Hangfire's jobs of the shards that have one.</param>
/// <param name="Deliveries">Newest first.</param>
internal sealed record JobPageLook(JobRecord Job, IReadOnlyList<ShardStatus> Shards, IReadOnlyDictionary<int, string> Tickets, IReadOnlyList<WebhookDelivery> Deliveries);
