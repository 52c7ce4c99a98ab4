using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Fills an empty storage: one job that is complete and one under way, written by the product's own code, and copies of them made in the database.</summary>
internal sealed class WatchStorage(string connectionString, int jobs, int shards)
{
    private const int Active = 10, RowsPerShard = 1_000;
    private const string Done = "job-d000000", Running = "job-r000000";

    private const string Copy = """
        INSERT INTO hangfire.hash (key, field, value, updatecount)
          SELECT replace(key, $1, left($1, 5) || to_char(n, 'FM000000')), field, value, 0 FROM hangfire.hash, generate_series(1, $2) n
          WHERE key = 'pipeline:job:' || $1 OR key = 'pipeline:job:' || $1 || ':shards';
        INSERT INTO hangfire.set (key, score, value, updatecount)
          SELECT key, score + n, replace(value, $1, left($1, 5) || to_char(n, 'FM000000')), 0 FROM hangfire.set, generate_series(1, $2) n
          WHERE value = $1 AND key IN ('pipeline:jobs', 'pipeline:active');
        """;

    private const string Enter = """
        UPDATE hangfire.hash SET value = CASE field WHEN 'state' THEN $2 ELSE to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"0+00:00"') END
        WHERE key = 'pipeline:job:' || $1 AND field IN ('state', 'in_progress_at', $2 || '_at')
        """;

    public async Task FillAsync(CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = connectionString }).Build();
        await using var services = new ServiceCollection().AddLogging().AddPipelineStorage(configuration).BuildServiceProvider();
        var store = services.GetRequiredService<JobStore>();
        var small = shards * 9 / 10 / (jobs - Active);
        var big = (shards - (small * (jobs - Active))) / Active;
        Start(store, Done, small, committed: true);
        Start(store, Running, big, committed: false);

        await using var database = NpgsqlDataSource.Create(connectionString);
        await ExecuteAsync(database, Enter, [Done, "completed"], cancellationToken);
        await ExecuteAsync(database, Enter, [Running, "in_progress"], cancellationToken);
        await ExecuteAsync(database, $"DELETE FROM hangfire.set WHERE key = 'pipeline:outbox' OR (key = 'pipeline:active' AND value = '{Done}')", [], cancellationToken);
        await CopyAsync(database, Done, jobs - Active - 1, cancellationToken);
        await CopyAsync(database, Running, Active - 1, cancellationToken);
        await ExecuteAsync(database, "ANALYZE", [], cancellationToken);
    }

    private static void Start(JobStore store, string id, int shards, bool committed)
    {
        store.Start(id, new JobSpec { Source = "s3://photos/2026", Output = $"/tmp/pipeline-bench-watch/{id}", Model = "/models/any", Caption = "Describe this image in one sentence." });
        store.SetPlanned(id, () => [.. Enumerable.Range(0, shards).Select(shard => new ShardStatus
        {
            Shard = shard,
            Phase = committed || shard < shards / 2 ? ShardPhase.Committed : ShardPhase.Pending,
            Rows = RowsPerShard,
            Done = committed || shard < shards / 2 ? RowsPerShard : 0,
            Attempt = 1,
            Worker = "gpu-1:4711",
            UpdatedAt = DateTimeOffset.UnixEpoch,
        })]);
        if (committed)
        {
            store.SetOutcome(id, new JobOutcome((long)shards * RowsPerShard, 0));
        }
    }

    private static Task CopyAsync(NpgsqlDataSource database, string job, int copies, CancellationToken cancellationToken) =>
        Task.WhenAll(Copy.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(sql => ExecuteAsync(database, sql, [job, copies], cancellationToken)));

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
