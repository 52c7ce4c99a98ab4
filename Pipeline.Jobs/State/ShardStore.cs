using System.Globalization;
using System.Text.Json;
using Hangfire;
using Hangfire.Storage;

namespace Pipeline.Jobs.State;

/// <summary>Shards of jobs in Hangfire's storage: how far each got.</summary>
public sealed class ShardStore(JobStorage storage)
{
    /// <summary>All shards of a job in order; empty until planned.</summary>
    public IReadOnlyList<ShardStatus> List(string jobId)
    {
        using var connection = storage.GetConnection();
        return List(connection, jobId);
    }

    internal static IReadOnlyList<ShardStatus> List(IStorageConnection connection, string jobId) =>
        connection.GetAllEntriesFromHash(JobKeys.Shards(jobId)) is { } entries ? [.. entries.Values.Select(Read).OrderBy(status => status.Shard)] : [];

    /// <summary>One shard, or null if it is not planned.</summary>
    public ShardStatus? Find(string jobId, int shard)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        return Find(connection, jobId, shard);
    }

    /// <summary>Hangfire's ids of the jobs of the shards that have a place, by shard.</summary>
    public IReadOnlyDictionary<int, string> Tickets(string jobId)
    {
        using var connection = (JobStorageConnection)storage.GetConnection();
        return ShardQueue.Taken(connection, jobId).Where(taken => taken.Ticket.Length > 0).ToDictionary(taken => taken.Shard, taken => taken.Ticket);
    }

    /// <summary>Writes a shard's status. Whoever runs the shard calls this, at most once a second.</summary>
    public void Write(string jobId, ShardStatus status) => Write(jobId, [status]);

    /// <summary>Writes many statuses at once.</summary>
    public void Write(string jobId, IReadOnlyCollection<ShardStatus> statuses)
    {
        using var connection = storage.GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        Write(transaction, jobId, statuses);
        transaction.Commit();
    }

    internal static void Write(IWriteOnlyTransaction transaction, string jobId, IReadOnlyCollection<ShardStatus> statuses) =>
        transaction.SetRangeInHash(JobKeys.Shards(jobId), statuses.ToDictionary(
            status => Field(status.Shard), status => JsonSerializer.Serialize(status, JobJson.Default.ShardStatus)));

    internal static ShardStatus? Find(JobStorageConnection connection, string jobId, int shard) =>
        connection.GetValueFromHash(JobKeys.Shards(jobId), Field(shard)) is { } json ? Read(json) : null;

    private static string Field(int shard) => shard.ToString(CultureInfo.InvariantCulture);

    private static ShardStatus Read(string json) => JsonSerializer.Deserialize(json, JobJson.Default.ShardStatus)!;
}
