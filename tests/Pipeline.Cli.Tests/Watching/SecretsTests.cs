using System.Net;
using System.Text;
using Npgsql;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>Nothing that a process is told in confidence is to be found in what it says or writes.</summary>
[Collection(nameof(Watched))]
public sealed class SecretsTests(WatchedSystem system)
{
    private static readonly string[] s_pages =
    [
        "/v1/jobs", "/v1/jobs/{job}", "/v1/jobs/{job}/shards", "/v1/jobs/{job}/failures", "/metrics", "/healthz", "/readyz", "/openapi/v1.json", "/hangfire", "/hangfire/annotation-jobs",
        "/hangfire/annotation-job?id={job}", "/hangfire/servers", "/hangfire/recurring", "/hangfire/jobs/succeeded", "/hangfire/jobs/processing", "/hangfire/jobs/failed",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void No_log_tells_one() => AssertSilent("the logs", system.Api.ToString() + system.Worker);

    [Fact]
    public async Task No_page_and_no_metric_tells_one()
    {
        using var http = new HttpClient();
        var answered = 0;
        foreach (var page in s_pages)
        {
            using var response = await http.GetAsync(await system.UrlAsync(page.Replace("{job}", system.DoneJob, StringComparison.Ordinal)), Token);
            answered += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            AssertSilent(page, $"{response.Headers}{await response.Content.ReadAsStringAsync(Token)}");
        }

        Assert.InRange(answered, 12, s_pages.Length);
        AssertSilent("the worker's metrics", await http.GetStringAsync(await system.WorkerUrlAsync("/metrics"), Token));
    }

    [Fact]
    public async Task No_row_of_the_database_holds_one()
    {
        await using var source = NpgsqlDataSource.Create(system.Connection);
        await using var list = source.CreateCommand("SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_schema IN ('hangfire', 'pipeline')");
        List<string> tables = [];
        await using (var reader = await list.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                tables.Add(reader.GetString(0));
            }
        }

        Assert.InRange(tables.Count, 8, 40);
        foreach (var table in tables)
        {
            await using var rows = source.CreateCommand($"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t");
            AssertSilent(table, (string)(await rows.ExecuteScalarAsync(Token))!);
        }
    }

    [Fact]
    public void No_file_of_the_dataset_holds_one()
    {
        var files = Directory.EnumerateFiles(system.Dataset, "*", SearchOption.AllDirectories).ToList();

        Assert.InRange(files.Count, 5, 100);
        Assert.All(files, file => AssertSilent(file, Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    [Theory]
    [InlineData("PIPELINE_CONNECTIONSTRINGS__HANGFIRE", "Host=127.0.0.1;Port=1;Database=x;Username=y;Password=a-password-7e11", "a-password-7e11")]
    [InlineData("PIPELINE_CONNECTIONSTRINGS__HANGFIRE", "Host=127.0.0.1;Pasword=a-password-7e11", "a-password-7e11")]
    [InlineData("PIPELINE_CONNECTIONSTRINGS__HANGFIRE", "", "nothing")]
    [InlineData("PIPELINE_STORAGE", "orcale", "nothing")]
    [InlineData("PIPELINE_S3__SECRETKEY", "a-secret-7e11", "a-secret-7e11")]
    [InlineData("PIPELINE_S3__ENDPOINT", "not a url", "nothing")]
    [InlineData("PIPELINE_PLACES__LOCAL", "data", "nothing")]
    public async Task A_setting_that_can_not_be_used_ends_worker_and_API_with_one_line_that_names_it(string name, string value, string secret)
    {
        var settings = new Dictionary<string, string> { ["PIPELINE_STORAGE"] = "postgres", ["PIPELINE_CONNECTIONSTRINGS__HANGFIRE"] = system.Connection };
        settings[name] = value;
        foreach (var program in (string[])["Pipeline.Worker", "Pipeline.Api"])
        {
            await using var process = PipelineProcess.Start(Path.GetTempPath(), settings, "dotnet", [Path.Combine(PipelineProcess.Bin(program), $"{program}.dll"), "--urls", "http://127.0.0.1:0"]);
            await process.WaitAsync();

            process.AssertExit(1);
            Assert.DoesNotContain(secret, process.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.ToString(), StringComparison.Ordinal);
            Assert.Single(process.ErrorLines);
        }
    }

    private void AssertSilent(string where, string text) =>
        Assert.All(system.Secrets, secret => Assert.True(!text.Contains(secret, StringComparison.Ordinal), $"{where} tells a secret."));
}
