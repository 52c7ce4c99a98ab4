using Microsoft.Playwright;
using Pipeline.Api.Tests.Dashboard;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Access;

/// <summary>Text that somebody wrote, in a real browser: none of it runs, on any page.</summary>
public sealed class BrowserAttackTests
{
    private const string Attack = "</pre></script><img src=x onerror=window.hacked=1><script>window.hacked=1</script>'\" onmouseover=window.hacked=1 x='";

    [Fact]
    public async Task Nothing_that_was_written_into_a_job_runs_and_the_pages_work_under_their_policy()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync("out-<img src=x onerror=window.hacked=1>", "<script>window.hacked=1</script>");
        host.Plan(id, shards: 2, rows: 10);
        host.Jobs.MoveTo(id, JobState.InProgress, null);
        host.Shards.Write(id, [new ShardStatus { Shard = 0, Phase = ShardPhase.Failed, Rows = 10, Attempt = 1, Worker = Attack, Error = Attack, UpdatedAt = DateTimeOffset.UnixEpoch }]);
        host.Jobs.SetProgress(id, new JobProgress { ImagesDone = 3, ImagesFailed = 3, Failures = new Dictionary<string, long> { [Attack] = 3 } });
        var failed = await host.SubmitAsync("failed");
        host.Jobs.MoveTo(failed, JobState.Failed, Attack);

        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase) ? [$"{page.Url}: {message.Text}"] : []);
        var attack = Uri.EscapeDataString(Attack);
        foreach (var path in (string[])
            [
                "/hangfire/annotation-jobs", $"/hangfire/annotation-jobs/{id}", $"/hangfire/annotation-jobs/{failed}", $"/hangfire/annotation-jobs?search={attack}&sort={attack}&state={attack}",
                $"/hangfire/annotation-jobs/{attack.Replace("%2F", "", StringComparison.Ordinal)}", "/hangfire", "/hangfire/servers", "/hangfire/recurring", "/hangfire/jobs/succeeded", "/hangfire/retries",
                $"/signin?return=/{attack}", "/scalar/",
            ])
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString(), new() { WaitUntil = WaitUntilState.Load });
            Assert.True(await page.EvaluateAsync<bool>("typeof window.hacked === 'undefined'"), path);
            Assert.True(await page.EvaluateAsync<bool>("document.querySelector('[onmouseover], [onerror]') === null"), path);
        }

        Assert.Empty(complaints);
    }
}
