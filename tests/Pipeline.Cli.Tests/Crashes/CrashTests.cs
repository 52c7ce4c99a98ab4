using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
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

    /// <summary>Whoever got no answer submits again, and there is one job.</summary>
    [Fact]
    public async Task The_API_may_be_killed_behind_every_step_of_a_submission()
    {
        var steps = new ConcurrentQueue<string>();
        await using (var seen = await CrashRun.StartAsync(servers, "api-steps", Token))
        {
            seen.OnStep = step =>
            {
                steps.Enqueue(step);
                return null;
            };
            await SubmitAsync(seen, mayDie: false);
        }

        Assert.Contains(steps, step => step.StartsWith("PUT _pipeline/job.json", StringComparison.Ordinal));
        foreach (var (index, step) in steps.Distinct().Index())
        {
            await using var run = await CrashRun.StartAsync(servers, $"api-{(char)('a' + index)}", Token);
            PipelineProcess? api = null;
            run.OnStep = seen => seen == step && Interlocked.Exchange(ref api, null) is { } killed ? new ProxyFault.Lost(_ => killed.KillAsync()) : null;
            await SubmitAsync(run, mayDie: true, started => api = started);
            var id = await SubmitAsync(run, mayDie: false);

            var job = await run.FollowAsync(id!, Token);

            Assert.Equal(JobState.Completed, job.State);
            await AssertWholeAsync(run, step);
        }
    }

    /// <returns>The job's id; null if the API died.</returns>
    private static async Task<string?> SubmitAsync(CrashRun run, bool mayDie, Action<PipelineProcess>? started = null)
    {
        var (api, jobs) = await run.StartApiAsync();
        await using (api)
        {
            started?.Invoke(api);
            using var client = new HttpClient();
            try
            {
                using var answer = await client.PostAsync(jobs, run.Body(), Token);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
                Assert.False(mayDie, "The API was to be killed, and was not.");
                return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["id"]!.GetValue<string>();
            }
            catch (HttpRequestException) when (mayDie)
            {
                return null;
            }
        }
    }

    /// <summary>A worker that sleeps past its lease and wakes again finds that it has lost.</summary>
    [Fact]
    public async Task A_worker_stopped_past_its_lease_does_not_commit()
    {
        await using var run = await CrashRun.StartAsync(servers, "stopped", Token);
        var asleep = new TaskCompletionSource();
        var first = run.StartWorker();
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
        var id = await run.SubmitAsync(Token);
        await asleep.Task.WaitAsync(Token);

        run.StartWorker();
        var job = await run.FollowAsync(id, Token);
        first.Resume();
        await first.UntilAsync(() => first.Output.Contains("taken for dead", StringComparison.Ordinal));

        Assert.Equal(JobState.Completed, job.State);
        await AssertWholeAsync(run, "SIGSTOP");
    }

    /// <summary>Whatever it is that kills them, a crash of the decoder or the kernel's out-of-memory killer.</summary>
    [Fact]
    public async Task An_image_that_kills_each_worker_that_opens_it_becomes_a_failed_row_and_the_others_are_answered()
    {
        const string poison = "poison/001.png";
        await servers.DrawAsync("poison", 2, Token);
        await using var run = await CrashRun.StartAsync(servers, "poisoned", Token);
        var dead = new ConcurrentDictionary<int, PipelineProcess>();
        run.OnRequest = request => HttpMethods.IsGet(request.Method) && request.Path.Value!.EndsWith(poison, StringComparison.Ordinal)
            ? new ProxyFault.Lost(_ => Task.WhenAll(run.Workers.Select(worker => dead.GetOrAdd(worker.Id, worker).CrashAsync())))
            : null;
        var spec = run.Spec with { Source = run.Spec.Source.Replace("/images", "/poison", StringComparison.Ordinal) };

        var job = await run.FollowAsync(await run.SubmitAsync(spec, Token), Token);

        Assert.Equal(JobState.CompletedWithErrors, job.State);

        // With all of the shard, and alone.
        Assert.Equal(2, dead.Count);
        var proof = await run.ProveAsync(Token);
        Assert.Empty(proof.Faults);
        Assert.Equal((2, 1), (proof.Rows, proof.FailedRows));
        var rows = await ShardFileReader.ReadAsync(run.Open(spec.Output), OutputLayout.DataOf(0, 1), Token).ToListAsync(Token);
        Assert.Equal([null, RowFailure.WorkerCrashed], rows.Select(row => row.Annotation.Failure));
    }

    private async Task KillAtEachAsync(string victim, IReadOnlyList<string> steps, Func<CrashRun, string, Task> kill)
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
            run.OnStep = seen => seen == planned.Step && Interlocked.Exchange(ref isKilled, 1) == 0 ? new ProxyFault.Lost(_ => kill(run, seen)) : null;
            try
            {
                run.StartWorker();
                var job = await run.FollowAsync(await run.SubmitAsync(stop), stop);
                Assert.Equal(1, isKilled);
                Assert.Equal(JobState.Completed, job.State);
                await AssertWholeAsync(run, planned.Step);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                failures.Enqueue($"{victim} killed at '{planned.Step}': {e.Message}\n{run.Words}");
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
