using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.TestServers.Postgres;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Helm.Tests;

/// <summary>The query that KEDA scales workers by, on a real PostgreSQL that this product's own code filled.</summary>
public sealed class WantedShardsTests(HelmChart chart) : IAsyncLifetime
{
    private PostgresServer _server = null!;
    private string _connection = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JobStore Jobs => _services.GetRequiredService<JobStore>();

    private JobControl Control => _services.GetRequiredService<JobControl>();

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(Token);
        _connection = await _server.CreateDatabaseAsync(Token);
        var settings = new Dictionary<string, string?> { ["Storage"] = "postgres", ["ConnectionStrings:Hangfire"] = _connection };
        _services = new ServiceCollection().AddLogging()
            .AddPipelineStorage(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        _ = _services.GetRequiredService<JobStorage>();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_counts_queued_and_running_shards_of_jobs_that_may_be_worked_on()
    {
        Assert.Equal(0, await WantedAsync());

        // Somebody must plan it, though no shard is known: the first worker comes from none.
        Jobs.Start("a", Spec);
        Assert.Equal(1, await WantedAsync());

        Plan("a", waiting: 8, committed: 3);
        Assert.Equal(8, await WantedAsync());

        // Queued or running makes no difference.
        Take("a", 3);
        Assert.Equal(8, await WantedAsync());

        Jobs.Start("b", Spec, schedule: new ScheduleSpec { MaxConcurrentShards = 4 });
        Plan("b", waiting: 100, committed: 0);
        Assert.Equal(8 + 4, await WantedAsync());

        Jobs.MoveTo("a", JobState.Finalizing, null);
        Assert.Equal(3 + 4, await WantedAsync());
        Jobs.MoveTo("a", JobState.Completed, null);
        Assert.Equal(4, await WantedAsync());
    }

    [Fact]
    public async Task A_paused_job_wants_only_what_still_runs_and_all_of_it_when_it_goes_on()
    {
        Jobs.Start("a", Spec);
        Plan("a", waiting: 9, committed: 0);
        Assert.True(Control.RequestPause("a"));
        Assert.Equal(1, await WantedAsync());

        Jobs.MoveTo("a", JobState.Paused, null);
        Assert.Equal(0, await WantedAsync());
        Take("a", 2);
        Assert.Equal(2, await WantedAsync());

        // No worker may be left to see it: the wish alone must bring one.
        Assert.True(Control.Resume("a"));
        Assert.Equal(9, await WantedAsync());
    }

    [Fact]
    public async Task A_job_that_is_to_be_cancelled_wants_a_worker_to_do_it()
    {
        Jobs.Start("a", Spec);
        Plan("a", waiting: 9, committed: 0);
        Jobs.MoveTo("a", JobState.Paused, null);
        Assert.True(Control.RequestPause("a"));
        Assert.True(Control.RequestCancel("a"));
        Assert.Equal(1, await WantedAsync());

        Jobs.MoveTo("a", JobState.Cancelled, null);
        Assert.Equal(0, await WantedAsync());
    }

    private static JobSpec Spec => new() { Source = "s3://images/a", Output = "s3://datasets/a", Model = "/models/m", Caption = "Describe." };

    private static ShardStatus Shard(int shard, ShardPhase phase) => new() { Shard = shard, Phase = phase, Rows = 10, UpdatedAt = DateTimeOffset.UnixEpoch };

    private void Plan(string jobId, int waiting, int committed)
    {
        Jobs.SetPlanned(jobId, () => [.. Enumerable.Range(0, waiting + committed).Select(shard => Shard(shard, shard < waiting ? ShardPhase.Pending : ShardPhase.Committed))]);
        Jobs.MoveTo(jobId, JobState.InProgress, null);
    }

    private void Take(string jobId, int shards)
    {
        using var connection = (JobStorageConnection)_services.GetRequiredService<JobStorage>().GetConnection();
        using var transaction = connection.CreateWriteTransaction();
        for (var shard = 0; shard < shards; shard++)
        {
            ShardQueue.Take(transaction, jobId, new TakenShard(shard, Queues.Shards, $"{shard + 1}"));
        }

        transaction.Commit();
    }

    /// <summary>What KEDA would read: the query as the chart gives it.</summary>
    private async Task<long> WantedAsync()
    {
        var trigger = ((YamlSequenceNode)chart.Render(SampleValues.Everything).Custom("ScaledObject")["spec"]["triggers"])[0];
        await using var database = NpgsqlDataSource.Create(_connection);
        await using var command = database.CreateCommand(trigger["metadata"]["query"].ToString());
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
