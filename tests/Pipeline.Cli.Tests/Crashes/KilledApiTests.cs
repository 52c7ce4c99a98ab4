using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Pipeline.Cli.Tests.Processes;
using Pipeline.Jobs.State;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Crashes;

/// <summary>An API that dies while it is asked leaves one job or none.</summary>
[Collection(nameof(KilledApiTests))]
public sealed class KilledApiTests(CrashServers servers) : IClassFixture<CrashServers>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
            await run.AssertWholeAsync(step, Token);
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
}
