using System.Globalization;
using System.Text.Json;
using Hangfire;
using Hangfire.Storage;

namespace Pipeline.Jobs.State;

/// <summary>Shards of jobs in Hangfire's storage: how far each got, and which Hangfire job carries it.</summary>
public sealed class ShardStore(JobStorage storage)
{
    /// <summary>All shards of a job in order; empty until planned.</summary>
    public IReadOnlyList<ShardStatus> List(string jobId)
    {
        using var connection = storage.GetConnection();
        var entries = connection.GetAllEntriesFromHash(JobKeys.Shards(jobId));
        return entries is null ? [] : [.. entries.Values.Select(Read).OrderBy(status => status.Shard)];
    }

    /// <summary>One shard, or null if it is not planned.</summary>
    public ShardStatus? Find(string jobId, int shard)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        return connection.GetValueFromHash(JobKeys.Shards(jobId), Field(shard)) is { } json ? Read(json) : null;
    }

    /// <summary>Writes a shard's status. Whoever runs the shard calls this, at most once a second.</summary>
    public void Write(string jobId, ShardStatus status) => Write(jobId, [status]);

    /// <summary>Writes many statuses at once.</summary>
    public void Write(string jobId, IReadOnlyCollection<ShardStatus> statuses)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Shards(jobId), statuses.ToDictionary(
            status => Field(status.Shard), status => JsonSerializer.Serialize(status, JobJson.Default.ShardStatus)));
        transaction.Commit();
    }

    /// <summary>Hangfire's id of the job enqueued last for each shard that had one in this run.</summary>
    internal IReadOnlyDictionary<int, string> Tickets(string jobId)
    {
        using var connection = storage.GetConnection();
        var entries = connection.GetAllEntriesFromHash(JobKeys.Tickets(jobId)) ?? [];
        return entries.ToDictionary(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture), entry => entry.Value);
    }

    internal void SetTicket(string jobId, int shard, string ticket)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetRangeInHash(JobKeys.Tickets(jobId), [new(Field(shard), ticket)]);
        transaction.Commit();
    }

    private static string Field(int shard) => shard.ToString(CultureInfo.InvariantCulture);

    private static ShardStatus Read(string json) => JsonSerializer.Deserialize(json, JobJson.Default.ShardStatus)!;
}
