using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>Everything that schedules, inside real Hangfire servers on each storage; only the model is played.</summary>
public sealed class HangfireServerTests(PostgresFixture postgres)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EachStorage]
    public async Task A_job_completes_through_a_transient_failure(StorageKind kind)
    {
        using var place = new Workplace(images: 7);
        var play = new Play { FailFirst = new ObjectStoreException(ObjectStoreFault.Unavailable, "s3://b", "The store does not answer.") };
        await using var host = await StartAsync(kind, place, play);

        var job = await SubmitAndWaitAsync(host, place);

        Assert.Equal((JobState.Completed, null), (job.State, job.Error));
        Assert.Equal(new JobOutcome(7, 0), job.Outcome);
        Assert.Equal(5, play.Runs.Count);
        Assert.Equal([0, 1, 2, 3], play.Runs.Distinct().Order());
        Assert.True(File.Exists(Path.Combine(place.Output, OutputLayout.Success)));
    }

    [Theory, EachStorage]
    public async Task A_permanent_failure_is_not_tried_again(StorageKind kind)
    {
        using var place = new Workplace(images: 1);
        var play = new Play { FailFirst = new PermanentJobException("The model changed since planning.") };
        await using var host = await StartAsync(kind, place, play);

        var job = await SubmitAndWaitAsync(host, place);

        Assert.Equal((JobState.Failed, "Shard 0 failed: The model changed since planning."), (job.State, job.Error));
        Assert.Single(play.Runs);
    }

    [Theory, EachStorage]
    public async Task Cancel_stops_a_running_shard_through_its_token(StorageKind kind)
    {
        using var place = new Workplace(images: 4);
        var play = new Play { HangUntilCancelled = true };
        await using var host = await StartAsync(kind, place, play);
        var jobs = host.Services.GetRequiredService<JobStore>();
        var jobId = (await host.Services.GetRequiredService<JobSubmission>().SubmitAsync(place.Spec, Token)).Job.Id;
        await play.Started.Task.WaitAsync(s_patience, Token);

        Assert.True(jobs.RequestCancel(jobId));

        Assert.Equal(JobState.Cancelled, (await WaitAsync(jobs, jobId)).State);
        Assert.True(play.SawCancellation);
        Assert.DoesNotContain(host.Services.GetRequiredService<ShardStore>().List(jobId), shard => shard.Phase is not ShardPhase.Pending);
    }

    private async Task<WebApplication> StartAsync(StorageKind kind, Workplace place, Play play)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(await Storages.SettingsAsync(kind, postgres));
        builder.Services.AddPipelineStorage(builder.Configuration);
        builder.Services.AddPipelineSubmission();
        builder.Services.AddPipelineScheduling();
        builder.Services.AddSingleton(play).AddSingleton(place).AddTransient<IShardJob, PlayedShardJob>();
        builder.Services.AddHangfireServer(server =>
        {
            server.Queues = [Queues.Control, Queues.Shards];
            server.WorkerCount = 3;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
            server.CancellationCheckInterval = TimeSpan.FromSeconds(1);
        });
        var app = builder.Build();
        await app.StartAsync(Token);
        return app;
    }

    private static async Task<JobRecord> SubmitAndWaitAsync(WebApplication host, Workplace place)
    {
        var started = await host.Services.GetRequiredService<JobSubmission>().SubmitAsync(place.Spec, Token);
        return await WaitAsync(host.Services.GetRequiredService<JobStore>(), started.Job.Id);
    }

    private static async Task<JobRecord> WaitAsync(JobStore jobs, string jobId)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(deadline.Token))
        {
            if (jobs.Find(jobId) is { IsTerminal: true } job)
            {
                return job;
            }
        }

        throw new InvalidOperationException("The timer ended.");
    }

    /// <summary>What the played model does.</summary>
    private sealed class Play
    {
        public Exception? FailFirst { get; set; }
        public bool HangUntilCancelled { get; init; }
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public bool SawCancellation { get; set; }

        /// <summary>Shards, once a run.</summary>
        public ConcurrentQueue<int> Runs { get; } = new();
    }

    private sealed class PlayedShardJob(Play play, Workplace place, JobStore jobs, ShardStore shards, TimeProvider time) : IShardJob
    {
        public async Task RunAsync(string jobId, int shard, PerformContext? context, CancellationToken cancellationToken)
        {
            play.Runs.Enqueue(shard);
            lock (play)
            {
                if (play.FailFirst is { } failure)
                {
                    play.FailFirst = null;
                    throw failure;
                }
            }

            var status = shards.Find(jobId, shard)!;
            if (play.HangUntilCancelled)
            {
                shards.Write(jobId, status with { Phase = ShardPhase.Running, UpdatedAt = time.GetUtcNow() });
                play.Started.TrySetResult();
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
                }
                finally
                {
                    play.SawCancellation = cancellationToken.IsCancellationRequested;
                    shards.Write(jobId, status with { Phase = ShardPhase.Pending, UpdatedAt = time.GetUtcNow() });
                }
            }

            var output = place.Stores.Open(jobs.Find(jobId)!.Spec.Output);
            var reader = new PlanReader(output);
            var plan = (await reader.FindAsync(cancellationToken))!;
            var images = await reader.ReadShardAsync(plan.Shards[shard], cancellationToken);
            var file = await ShardRows.WriteAsync(place.Root, jobId, plan, images, _ => false, time.GetUtcNow(), cancellationToken);
            var commit = await new ShardCommitter(output, time).CommitAsync(
                new ShardAttempt { Shard = shard, Shards = plan.Shards.Count, Attempt = 1, Worker = "played", File = file }, cancellationToken);
            shards.Write(jobId, status with { Phase = ShardPhase.Committed, Done = commit.Rows, UpdatedAt = time.GetUtcNow() });
        }
    }
}
