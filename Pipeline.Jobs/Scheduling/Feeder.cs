using System.Globalization;
using Hangfire;
using Hangfire.Storage;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Tenants;

namespace Pipeline.Jobs.Scheduling;

/// <summary>Keeps Hangfire's queues of shards just full enough that no worker is idle, so that priorities and interrupted shards never wait behind a backlog.</summary>
internal sealed class Feeder(JobStorage storage, TicketDesk desk, TenantStore tenants, SchedulingOptions options, TimeProvider time)
{
    /// <summary>A server that has been silent for longer does not count; Hangfire's servers say that they live every 30 s.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(75);

    private const string Clock = "clock";

    /// <summary>Enqueues the shards that are next. The caller holds the reconciler's lock.</summary>
    public void Feed(JobStorageConnection connection, IReadOnlyList<JobLook> looks)
    {
        var claims = looks.Where(look => look.Job.State is JobState.InProgress && !look.Job.PauseRequested && !look.Job.CancelRequested)
            .OrderBy(look => look.Job.CreatedAt)
            .Select(ClaimOf)
            .ToList();
        if (!claims.Any(claim => claim.CanBegin))
        {
            return;
        }

        var clock = connection.GetValueFromHash(JobKeys.Feeder, Clock) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : 0;
        foreach (var grant in FairShare.Divide(claims, PlacesFor(looks), clock, RoomsFor(looks)))
        {
            Begin(connection, grant);
        }
    }

    private FairShare.Places PlacesFor(IReadOnlyList<JobLook> looks)
    {
        var servers = storage.GetMonitoringApi().Servers().Where(server => server.Heartbeat is not { } beat || time.GetUtcNow().UtcDateTime - beat < s_silence).ToList();
        var taken = looks.SelectMany(look => look.Taken).Where(shard => shard.Ticket.Fate is TicketFate.Queued or TicketFate.Processing).ToLookup(shard => shard.Taken.Queue == Queues.Express);
        var workers = servers.Where(server => server.Queues.Contains(Queues.Shards)).Sum(server => server.WorkersCount);
        var busy = taken[false].Count(shard => shard.Ticket.Fate is TicketFate.Processing);
        var queued = taken[false].Count() - busy;
        var idle = Math.Max(0, workers - busy);
        var express = servers.Where(server => server.Queues.Contains(Queues.Express)).Sum(server => server.WorkersCount);
        return new FairShare.Places(
            Math.Max(0, idle + Math.Max(options.Reserve, workers / 8) - queued),
            Math.Max(0, express - taken[true].Count()),
            idle > queued);
    }

    /// <summary>Shards of jobs that pause or are being cancelled count until they stop.</summary>
    private Dictionary<string, int> RoomsFor(IReadOnlyList<JobLook> looks)
    {
        var taken = looks.Where(look => look.Job.Tenant is not null).GroupBy(look => look.Job.Tenant!, look => look.Taken.Count).ToDictionary(tenant => tenant.Key, tenant => tenant.Sum());
        return taken.Count == 0
            ? []
            : tenants.List().Where(tenant => tenant.Value.MaxConcurrentShards is not null && taken.ContainsKey(tenant.Key))
                .ToDictionary(tenant => tenant.Key, tenant => tenant.Value.MaxConcurrentShards!.Value - taken[tenant.Key]);
    }

    private void Begin(JobStorageConnection connection, FairShare.Grant grant)
    {
        if (ShardQueue.Next(connection, grant.JobId) is not { } shard)
        {
            return;
        }

        var queue = grant.IsExpress ? Queues.Express : Queues.Shards;
        var taken = new TakenShard(shard, queue, desk.Shard(grant.JobId, shard, queue));
        using var transaction = connection.CreateWriteTransaction();
        ShardQueue.Take(transaction, grant.JobId, taken);
        transaction.SetRangeInHash(JobKeys.Job(grant.JobId), [new(JobFields.Served, JobFields.Text(grant.Served))]);
        transaction.SetRangeInHash(JobKeys.Feeder, [new(Clock, JobFields.Text(grant.Clock))]);
        transaction.Commit();
    }

    private static FairShare.Claim ClaimOf(JobLook look, int age) => new()
    {
        JobId = look.Job.Id,
        Tenant = look.Job.Tenant,
        Priority = look.Job.Schedule.Priority,
        Age = age,
        Served = look.Job.Served,
        RowsPerShard = Math.Max(1, (double)look.Job.ImagesTotal!.Value / look.Job.ShardsTotal!.Value),
        Waiting = look.Waiting,
        Taken = look.Taken.Count,
        Retrying = look.Taken.Count(shard => shard.Ticket.Fate is TicketFate.Retrying),
        Limit = look.Job.Schedule.MaxConcurrentShards,
    };
}
