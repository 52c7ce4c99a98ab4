using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Pipeline.Api.Tests.Dashboard;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>A server, and the verbs that are its clients.</summary>
public sealed class ServeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_submitted_followed_listed_and_cancelled_over_the_api()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 60);
        await using var server = await ServeAsync(folder, []);
        var url = AddressOf(server);
        File.WriteAllText(folder["spec.json"], Spec(folder).ToJsonString());

        await using var submitted = await PipelineProcess.RunAsync(folder.Path, "submit", "spec.json", "--server", url, "--json");
        submitted.AssertExit(0);
        var id = JsonNode.Parse(submitted.Output)!["id"]!.GetValue<string>();

        await using var cancelled = await PipelineProcess.RunAsync(folder.Path, "cancel", id, "--server", url);
        cancelled.AssertExit(0);
        await using var watched = await PipelineProcess.RunAsync(folder.Path, "status", id, "--watch", "--server", url);
        watched.AssertExit(1);
        Assert.Contains("state   cancelled", watched.Output);

        await using var again = await PipelineProcess.RunWithAsync(folder.Path, new() { ["PIPELINE_SERVER"] = url }, "submit", "spec.json", "--watch");
        again.AssertExit(0);
        Assert.Contains("state   completed", again.Output);
        Assert.Equal(60, Dataset.Ids(folder["out"]).Count);

        await using var list = await PipelineProcess.RunAsync(folder.Path, "list", "--server", url);
        list.AssertExit(0);
        Assert.Contains(id, list.Output);
        await using var unknown = await PipelineProcess.RunAsync(folder.Path, "status", "job-none", "--server", url);
        unknown.AssertExit(1);
        Assert.Contains("job-none", Assert.Single(unknown.ErrorLines));

        server.Interrupt();
        await server.WaitAsync();
        server.AssertExit(0);
    }

    [Fact]
    public async Task A_dry_run_answers_the_first_images_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 5);
        await using var server = await ServeAsync(folder, []);
        File.WriteAllText(folder["spec.json"], Spec(folder).ToJsonString());

        await using var asked = await PipelineProcess.RunAsync(folder.Path, "submit", "spec.json", "--dry-run", "--server", AddressOf(server));
        await using var list = await PipelineProcess.RunAsync(folder.Path, "list", "--json", "--server", AddressOf(server));

        asked.AssertExit(0);
        Assert.Matches(@"images   5, .*0 of them unusable\s+shards   3\s", asked.Output);
        Assert.Matches(@"000\.png\s+red: Is it red\? → (yes|no)\s", asked.Output);
        Assert.False(Directory.Exists(folder["out"]));
        Assert.DoesNotContain("job-", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_rows_are_made_again_into_the_same_dataset()
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 5);
        var whole = File.ReadAllBytes(folder["in", names[3]]);
        File.WriteAllBytes(folder["in", names[3]], whole[..40]);
        await using var server = await ServeAsync(folder, []);
        var url = AddressOf(server);
        File.WriteAllText(folder["spec.json"], Spec(folder).ToJsonString());
        await using var submitted = await PipelineProcess.RunAsync(folder.Path, "submit", "spec.json", "--server", url, "--watch", "--json");
        submitted.AssertExit(0);
        var id = JsonNode.Parse(submitted.Output)!["id"]!.GetValue<string>();
        Assert.Equal([[names[3]]], Dataset.Query(folder["out"], "SELECT id FROM {0} WHERE status = 'failed'"));
        var made = Dataset.Query(folder["out"], "SELECT id, labels, created_at FROM {0} WHERE status = 'ok' ORDER BY id");
        File.WriteAllBytes(folder["in", names[3]], whole);

        await using var retried = await PipelineProcess.RunAsync(folder.Path, "retry", id, "--server", url);
        retried.AssertExit(0);
        await using var watched = await PipelineProcess.RunAsync(folder.Path, "status", id, "--watch", "--server", url);
        watched.AssertExit(0);

        Assert.Equal(names, Dataset.Ids(folder["out"]));
        Assert.Empty(Dataset.Query(folder["out"], "SELECT id FROM {0} WHERE status = 'failed'"));
        Assert.Equivalent(made, Dataset.Query(folder["out"], $"SELECT id, labels, created_at FROM {{0}} WHERE id <> '{names[3]}' ORDER BY id"));
        await using var check = await PipelineProcess.RunAsync(folder.Path, "check", "out");
        check.AssertExit(0);
        await using var again = await PipelineProcess.RunAsync(folder.Path, "retry", id, "--server", url);
        again.AssertExit(1);
        Assert.Contains("no failed rows", Assert.Single(again.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_jobs_page_shows_small_pictures_of_its_rows_and_of_nothing_else(int width, ColorScheme scheme)
    {
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 5);
        File.WriteAllText(folder["in", names[0]], "no picture");
        File.Copy(folder["in", names[1]], folder["secret.png"]);
        await using var server = await ServeAsync(folder, []);
        var url = AddressOf(server);
        File.WriteAllText(folder["spec.json"], Spec(folder).ToJsonString());
        await using var submitted = await PipelineProcess.RunAsync(folder.Path, "submit", "spec.json", "--server", url, "--watch", "--json");
        var id = JsonNode.Parse(submitted.Output)!["id"]!.GetValue<string>();

        await using var browser = await DashboardBrowser.StartAsync();
        var page = await browser.OpenAsync(width, scheme);
        await page.GotoAsync($"{url}/hangfire/annotation-jobs/{id}");
        await page.Locator("[data-answer]").First.ScrollIntoViewIfNeededAsync();
        foreach (var picture in await page.Locator("[data-answer] img").AllAsync())
        {
            await Assertions.Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 48);
        }

        await Assertions.Expect(page.Locator("[data-failure] img")).Not.ToHaveJSPropertyAsync("naturalWidth", 0);
        await DashboardBrowser.ScreenshotAsync(page, $"pictures-{width}-{scheme.ToString().ToLowerInvariant()}");

        using var client = new HttpClient();
        foreach (var (path, type) in ((string, string)[])
        [
            ($"0/thumbnail?row={names[1]}", "image/jpeg"),
            ($"0/thumbnail?row={names[0]}", "image/svg+xml"),
            ("0/thumbnail?row=../secret.png", "image/svg+xml"),
            ($"0/thumbnail?row={names[4]}", "image/svg+xml"),
            ("999999999/thumbnail", "image/svg+xml"),
        ])
        {
            using var picture = await client.GetAsync($"{url}/hangfire/annotation-jobs/{id}/shards/{path}", Token);
            Assert.Equal((type, "nosniff"), (picture.Content.Headers.ContentType?.MediaType, picture.Headers.GetValues("X-Content-Type-Options").Single()));
        }
    }

    [Fact]
    public async Task A_refused_spec_file_is_told_by_its_json_pointers()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);
        await using var server = await ServeAsync(folder, []);
        var spec = Spec(folder);
        spec["max_tokns"] = 3;
        spec["model"] = "relative/path";
        File.WriteAllText(folder["spec.json"], spec.ToJsonString());

        await using var submitted = await PipelineProcess.RunAsync(folder.Path, "submit", "spec.json", "--server", AddressOf(server));

        submitted.AssertExit(2);
        Assert.Equal(2, submitted.ErrorLines.Count);
        Assert.Contains(submitted.ErrorLines, line => line.StartsWith("pipeline: spec.json, /max_tokns: ", StringComparison.Ordinal));
        Assert.Contains(submitted.ErrorLines, line => line.StartsWith("pipeline: spec.json, /model: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_server_the_clients_say_how_to_start_one()
    {
        using var folder = new TemporaryFolder();

        await using var list = await PipelineProcess.RunAsync(folder.Path, "list", "--server", "http://127.0.0.1:9");

        list.AssertExit(1);
        Assert.Contains("pipeline serve", Assert.Single(list.ErrorLines));
    }

    [Fact]
    public async Task On_PostgreSQL_a_killed_server_takes_its_job_up_again_when_it_is_back()
    {
        await using var postgres = await PostgresServer.StartAsync(Token);
        using var folder = new TemporaryFolder();
        var names = SmallImages.Draw(folder["in"], 24);
        var settings = new Dictionary<string, string>
        {
            ["PIPELINE_STORAGE"] = "postgres",
            ["PIPELINE_CONNECTIONSTRINGS__HANGFIRE"] = await postgres.CreateDatabaseAsync(Token),
        };
        File.WriteAllText(folder["spec.json"], Spec(folder).ToJsonString());
        string id;
        await using (var killed = await ServeAsync(folder, settings))
        {
            await using var submitted = await PipelineProcess.RunAsync(folder.Path, "submit", "spec.json", "--server", AddressOf(killed), "--json");
            submitted.AssertExit(0);
            id = JsonNode.Parse(submitted.Output)!["id"]!.GetValue<string>();
            await killed.UntilAsync(() => Dataset.Commits(folder["out"]).Count >= 2);
            await killed.KillAsync();
            Assert.DoesNotContain(postgres.Password, killed.Output + killed.Error);
        }

        var commits = Dataset.Commits(folder["out"]);
        await using var server = await ServeAsync(folder, settings);
        await using var watched = await PipelineProcess.RunAsync(folder.Path, "status", id, "--watch", "--server", AddressOf(server));

        watched.AssertExit(0);
        Assert.Equal(names, Dataset.Ids(folder["out"]));
        var later = Dataset.Commits(folder["out"]);
        Assert.All(commits, commit => Assert.Equal(commit.Value, later[commit.Key]));
    }

    private static async Task<PipelineProcess> ServeAsync(TemporaryFolder folder, Dictionary<string, string> settings)
    {
        var server = PipelineProcess.Start(folder.Path, settings, "serve", "--urls", "http://127.0.0.1:0");
        await server.UntilAsync(() => server.Output.Contains("Ctrl-C stops."));
        return server;
    }

    private static string AddressOf(PipelineProcess server) =>
        new Uri(server.Output.Split('\n').First(line => line.StartsWith("Dashboard", StringComparison.Ordinal)).Split(' ')[^1]).GetLeftPart(UriPartial.Authority);

    private static JsonObject Spec(TemporaryFolder folder) => new()
    {
        ["source"] = folder["in"],
        ["output"] = folder["out"],
        ["model"] = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2"),
        ["questions"] = new JsonArray(new JsonObject { ["id"] = "red", ["text"] = "Is it red?", ["kind"] = "yes-no" }),
        ["shard_size"] = 2,
    };
}
