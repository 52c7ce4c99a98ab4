using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>A worker that was taken for dead, and is not.</summary>
[Collection(nameof(StoppedWorkerTests))]
public sealed class StoppedWorkerTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A worker that sleeps past its lease and wakes again finds that it has lost.</summary>
    [Fact]
    public async Task A_worker_stopped_past_its_lease_does_not_commit()
    {
        await using var run = await CrashRun.StartAsync(servers, "stopped", Token);
        var asleep = new TaskCompletionSource();
        var id = await run.SubmitAsync(Token);
        PipelineProcess first = null!;
        run.OnStep = step =>
        {
            // All rows are made, and nothing is committed.
            if (!step.StartsWith("PUT _pipeline/staged/", StringComparison.Ordinal) || asleep.Task.IsCompleted)
            {
                return null;
            }

            first.Suspend();
            asleep.SetResult();
            return new ProxyFault.Refuse(503, "SlowDown");
        };
        first = run.StartWorker();
        await first.UntilAsync(() => asleep.Task.IsCompleted);

        run.StartWorker();
        var job = await run.FollowAsync(id, Token);
        first.Resume();
        await first.UntilAsync(() => first.Output.Contains("taken for dead", StringComparison.Ordinal));

        Assert.Equal(JobState.Completed, job.State);
        await run.AssertWholeAsync("SIGSTOP", Token);
    }
}
