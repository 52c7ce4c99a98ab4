using System.Collections.Concurrent;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>Kills at the requests to the store that a job was seen to make. They are not listed here, so none can be forgotten.</summary>
internal sealed class CrashSteps(CrashServers servers)
{
    private const int AtOnce = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every step that a whole job takes, in order.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string name)
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
        await run.AssertWholeAsync("nothing", Token);
        var taken = steps.Distinct().ToList();
        TestContext.Current.SendDiagnosticMessage("{0}", string.Join("\n", taken));
        foreach (var phase in (string[])["images/", "_pipeline/plan", "_pipeline/staged/", "_pipeline/previews/", "_pipeline/commits/", "data/", "manifest.json", "_SUCCESS"])
        {
            Assert.Contains(taken, step => step.Contains(phase, StringComparison.Ordinal));
        }

        return taken;
    }

    /// <summary>One step of each part of a job's life: planning, reading, staging, committing, promoting, finalizing.</summary>
    public static IReadOnlyList<string> PhasesOf(IReadOnlyList<string> steps) =>
        [.. ((string[])["PUT _pipeline/plan.json", "GET images/", "PUT _pipeline/staged/", "PUT _pipeline/commits/", "PUT data/", "PUT _SUCCESS"])
            .Select(phase => steps.First(step => step.StartsWith(phase, StringComparison.Ordinal)))];

    /// <summary>A job for each step: the store does what it is asked at that step, and before anybody hears of it the victim is killed.</summary>
    public async Task KillAtEachAsync(string victim, IReadOnlyList<string> steps, Func<CrashRun, Task> kill)
    {
        Assert.NotEmpty(steps);
        var failures = new ConcurrentQueue<string>();
        var runs = new List<(string Step, CrashRun Run)>();
        foreach (var (index, step) in steps.Index())
        {
            runs.Add((step, await CrashRun.StartAsync(servers, $"{victim}-{(char)('a' + (index / 26))}{(char)('a' + (index % 26))}", Token)));
        }

        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token }, async (planned, stop) =>
        {
            await using var run = planned.Run;
            var isKilled = 0;
            run.OnStep = seen => seen == planned.Step && Interlocked.Exchange(ref isKilled, 1) == 0 ? new ProxyFault.Lost(_ => kill(run)) : null;
            try
            {
                run.StartWorker();
                var job = await run.FollowAsync(await run.SubmitAsync(stop), stop);
                Assert.Equal(1, isKilled);
                Assert.Equal(JobState.Completed, job.State);
                await run.AssertWholeAsync(planned.Step, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                failures.Enqueue($"{victim} killed at '{planned.Step}': {e.Message}\n{run.Words}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }
}
