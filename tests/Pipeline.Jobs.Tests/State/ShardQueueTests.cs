using Hangfire.Storage;
using Pipeline.Jobs.State;

namespace Pipeline.Jobs.Tests.State;

/// <summary>In which order the shards of a job are begun, on each storage.</summary>
public sealed class ShardQueueTests(PostgresFixture postgres)
{
    private const string Job = "job-1";
    private const int Shards = 100;

    /// <summary>So that the images that are done are like those that are not, in a source whose parts differ.</summary>
    [Theory, EachStorage]
    public async Task Whenever_one_looks_the_shards_that_were_begun_are_spread_over_the_job(StorageKind kind)
    {
        using var connection = (JobStorageConnection)(await Storages.CreateAsync(kind, postgres)).GetConnection();
        Write(connection, transaction => ShardQueue.Register(transaction, Job, [.. Enumerable.Range(0, Shards).Select(shard => new ShardStatus { Shard = shard, Phase = ShardPhase.Pending, Rows = 1, UpdatedAt = default })]));
        var begun = new List<int>();
        while (ShardQueue.Next(connection, Job) is { } shard)
        {
            Write(connection, transaction => ShardQueue.Take(transaction, Job, new TakenShard(shard, "", "")));
            begun.Add(shard);

            // Of each quarter of the job a quarter, give or take two.
            Assert.All(Enumerable.Range(0, 4), quarter => Assert.Equal(begun.Count / 4.0, begun.Count(other => other * 4 / Shards == quarter), 1.6));
        }

        Assert.Equal(Enumerable.Range(0, Shards), begun.Order());
    }

    [Theory, EachStorage]
    public async Task A_shard_that_was_begun_before_is_next(StorageKind kind)
    {
        using var connection = (JobStorageConnection)(await Storages.CreateAsync(kind, postgres)).GetConnection();
        Write(connection, transaction => ShardQueue.Register(transaction, Job, [.. Enumerable.Range(0, 3).Select(shard => new ShardStatus { Shard = shard, Phase = ShardPhase.Pending, Rows = 1, Attempt = shard == 1 ? 1 : 0, UpdatedAt = default })]));

        Assert.Equal(1, ShardQueue.Next(connection, Job));
    }

    private static void Write(JobStorageConnection connection, Action<JobStorageTransaction> change)
    {
        using var transaction = (JobStorageTransaction)connection.CreateWriteTransaction();
        change(transaction);
        transaction.Commit();
    }
}
