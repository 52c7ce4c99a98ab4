using System.Collections.Concurrent;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>
/// Whatever is killed at whatever step, the dataset is whole: one row an image, each shard committed once. The steps are not listed here: they are the requests to the
/// store that a job was seen to make, so none can be forgotten.
/// </summary>
public sealed class CrashTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private const int AtOnce = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The store has done what it was asked; the worker dies before it hears of it.</summary>
    [Fact]
    public async Task A_worker_may_be_killed_behind_every_step() =>
        await KillAtEachAsync("worker", await StepsAsync("worker-steps"), (run, _) => run.KillWorkersAsync());

    /// <summary>One step of each part of a job's life.</summary>
    [Fact]
    public async Task PostgreSQL_may_be_killed_in_every_phase() =>
        await KillAtEachAsync("postgres", PhasesOf(await StepsAsync("postgres-steps")), (_, _) => servers.Postgres.KillAsync());

    [Fact]
    public async Task The_S3_server_may_be_killed_in_every_phase() =>
        await KillAtEachAsync("s3", PhasesOf(await StepsAsync("s3-steps")), (_, _) => servers.S3.KillAsync());

    /// <summary>A worker that sleeps past its lease and wakes again finds that it has lost.</summary>
    [Fact]
    public async Task A_worker_stopped_past_its_lease_does_not_commit()
    {
        await using var run = await CrashRun.StartAsync(servers, "stopped", Token);
        var asleep = new TaskCompletionSource();
        var first = run.StartWorker();
        run.OnStep = step =>
        {
            // Behind its staged file, before its commit.
            if (!step.StartsWith("PUT _pipeline/commits/", StringComparison.Ordinal) || asleep.Task.IsCompleted)
            {
                return null;
            }

            first.Suspend();
            asleep.SetResult();
            return new ProxyFault.Refuse(503, "SlowDown");
        };
        var id = await run.SubmitAsync(Token);
        await asleep.Task.WaitAsync(Token);

        run.StartWorker();
        var job = await run.FollowAsync(id, Token);
        first.Resume();
        await first.UntilAsync(() => first.Output.Contains("taken for dead", StringComparison.Ordinal) || first.Output.Contains("lost", StringComparison.OrdinalIgnoreCase));

        Assert.Equal(JobState.Completed, job.State);
        await AssertWholeAsync(run, "SIGSTOP");
    }

    private async Task KillAtEachAsync(string victim, IReadOnlyList<string> steps, Func<CrashRun, string, Task> kill)
    {
        Assert.NotEmpty(steps);
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(steps.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token }, async (step, stop) =>
        {
            await using var run = await CrashRun.StartAsync(servers, $"{victim}-{(char)('a' + (step.Index / 26))}{(char)('a' + (step.Index % 26))}", stop);
            var isKilled = 0;
            run.OnStep = seen => seen == step.Item && Interlocked.Exchange(ref isKilled, 1) == 0 ? new ProxyFault.Lost(_ => kill(run, seen)) : null;
            try
            {
                run.StartWorker();
                var job = await run.FollowAsync(await run.SubmitAsync(stop), stop);
                Assert.Equal(1, isKilled);
                Assert.Equal(JobState.Completed, job.State);
                await AssertWholeAsync(run, step.Item);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                failures.Enqueue($"{victim} killed at '{step.Item}': {e.Message}\n{run.Words}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }

    /// <summary>Every step that a whole job takes, in order.</summary>
    private async Task<IReadOnlyList<string>> StepsAsync(string name)
    {
        await using var run = await CrashRun.StartAsync(servers, name, Token);
        var steps = new ConcurrentQueue<string>();
        var id = await run.SubmitAsync(Token);
        run.OnStep = step =>
        {
            steps.Enqueue(step);
            return null;
        };
        var job = await run.FollowAsync(id, Token);
        run.OnStep = _ => null;
        Assert.Equal(JobState.Completed, job.State);
        await AssertWholeAsync(run, "nothing");
        var taken = steps.Distinct().ToList();
        TestContext.Current.SendDiagnosticMessage("{0}", string.Join("\n", taken));
        foreach (var phase in (string[])["images/", "_pipeline/plan", "_pipeline/staged/", "_pipeline/commits/", "data/", "manifest.json", "_SUCCESS"])
        {
            Assert.Contains(taken, step => step.Contains(phase, StringComparison.Ordinal));
        }

        return taken;
    }

    /// <summary>Planning, reading, staging, committing, promoting, finalizing.</summary>
    private static IReadOnlyList<string> PhasesOf(IReadOnlyList<string> steps) =>
        [.. ((string[])["PUT _pipeline/plan.json", "GET images/", "PUT _pipeline/staged/", "PUT _pipeline/commits/", "PUT data/", "PUT _SUCCESS"])
            .Select(phase => steps.First(step => step.StartsWith(phase, StringComparison.Ordinal)))];

    private static async Task AssertWholeAsync(CrashRun run, string killedAt)
    {
        var proof = await run.ProveAsync(Token);
        Assert.True(proof.Faults.Count == 0, $"killed at '{killedAt}': {string.Join("\n", proof.Faults)}");
        Assert.Equal((CrashRun.Images, CrashRun.Shards, 0), (proof.Rows, proof.Files, proof.FailedRows));
    }
}
