using System.Collections.Concurrent;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.State;

namespace Pipeline.Jobs.Tests.Scheduling;

/// <summary>Everything that schedules, inside real Hangfire servers on each storage; only the model is played.</summary>
public sealed class HangfireServerTests(PostgresFixture postgres)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Promised for a cancel; and for a job that is urgent to begin, half as much more.</summary>
    private static readonly TimeSpan s_acknowledged = TimeSpan.FromSeconds(10);

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
        var play = new Play { Hangs = _ => true };
        await using var host = await StartAsync(kind, place, play);
        var jobs = host.Services.GetRequiredService<JobStore>();
        var jobId = (await host.Services.GetRequiredService<JobSubmission>().SubmitAsync(place.Spec, Token)).Job.Id;
        await play.Started.Task.WaitAsync(s_patience, Token);

        Assert.True(host.Services.GetRequiredService<JobControl>().RequestCancel(jobId));

        Assert.Equal(JobState.Cancelled, (await WaitAsync(jobs, jobId, s_acknowledged)).State);
        Assert.True(play.SawCancellation);
        Assert.DoesNotContain(host.Services.GetRequiredService<ShardStore>().List(jobId), shard => shard.Phase is not ShardPhase.Pending);
    }

    [Theory, EachStorage]
    public async Task A_small_urgent_job_behind_a_huge_one_that_holds_all_workers_starts_within_15_seconds_and_ends(StorageKind kind)
    {
        using var place = new Workplace(images: 60);
        var play = new Play();
        await using var host = await StartAsync(kind, place, play);
        var (submission, jobs) = (host.Services.GetRequiredService<JobSubmission>(), host.Services.GetRequiredService<JobStore>());
        var huge = place.Spec with { ShardSize = 1 };
        play.Hangs = jobId => jobId == JobId.Of(huge);
        await submission.SubmitAsync(huge, Token);
        await play.Started.Task.WaitAsync(s_patience, Token);
        await UntilAsync(() => play.Runs.Count == 3, s_patience);

        var small = await submission.SubmitAsync(
            place.Spec with { Output = place.Output + "-small", ShardSize = 30, Schedule = new ScheduleSpec { Priority = 9 } }, Token);

        await UntilAsync(() => play.Runs.Count > 3, TimeSpan.FromSeconds(15));
        await UntilAsync(() => jobs.Find(small.Job.Id)!.Progress.ShardsCommitted > 0, s_patience);
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
        AddServer(builder.Services, 2, provider => provider.GetServices<IBackgroundProcess>(), Queues.Control);
        AddServer(builder.Services, 3, _ => [], Queues.Resumed, Queues.Shards);
        AddServer(builder.Services, 1, _ => [], Queues.Express);
        var app = builder.Build();
        await app.StartAsync(Token);
        return app;
    }

    /// <summary>As workers have them.</summary>
    private static void AddServer(IServiceCollection services, int workers, Func<IServiceProvider, IEnumerable<IBackgroundProcess>> processes, params string[] queues) =>
        services.AddSingleton<IHostedService>(provider => new BackgroundJobServerHostedService(
            provider.GetRequiredService<JobStorage>(),
            new BackgroundJobServerOptions
            {
                Queues = queues,
                WorkerCount = workers,
                Activator = provider.GetRequiredService<JobActivator>(),
                FilterProvider = provider.GetRequiredService<IJobFilterProvider>(),
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                CancellationCheckInterval = TimeSpan.FromSeconds(1),
            },
            processes(provider)));

    private static async Task<JobRecord> SubmitAndWaitAsync(WebApplication host, Workplace place)
    {
        var started = await host.Services.GetRequiredService<JobSubmission>().SubmitAsync(place.Spec, Token);
        return await WaitAsync(host.Services.GetRequiredService<JobStore>(), started.Job.Id);
    }

    private static async Task<JobRecord> WaitAsync(JobStore jobs, string jobId, TimeSpan? patience = null)
    {
        await UntilAsync(() => jobs.Find(jobId) is { IsTerminal: true }, patience ?? s_patience);
        return jobs.Find(jobId)!;
    }

    private static async Task UntilAsync(Func<bool> holds, TimeSpan patience)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!holds())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>What the played model does.</summary>
    private sealed class Play
    {
        public Exception? FailFirst { get; set; }
        /// <summary>Whether a job's shards run until they are cancelled.</summary>
        public Func<string, bool> Hangs { get; set; } = _ => false;
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
            if (play.Hangs(jobId))
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
