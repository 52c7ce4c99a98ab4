using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;
using Pipeline.TestServers.Postgres;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>The benchmarks of all but the model, on few rows and callers; their figures are not looked at.</summary>
public sealed class BenchPipelineTests(SharedCephS3 shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_plans_and_runs_jobs_on_real_servers_and_writes_a_page()
    {
        await using var postgres = await PostgresServer.StartAsync(Token);
        using var folder = new TemporaryFolder();
        var (s3, bucket, settings) = await ServersAsync(postgres);

        await using var bench = await PipelineProcess.RunWithAsync(
            folder.Path, settings, "bench", "pipeline", $"s3://{bucket}/run", "--listed", "500,2500", "--rows", "120", "--workers", "1,2", "--latency", "0.1", "--slots", "8",
            "--seconds", "1", "--image-bytes", "500", "--markdown", "page.md");

        bench.AssertExit(0);
        Assert.DoesNotContain(s3.SecretKey, bench.Output + bench.Error);
        var page = File.ReadAllText(folder["page.md"]);
        Assert.Contains("| 2,500 |", page);
        Assert.Contains("Whole jobs on 2 workers", page);
        Assert.Contains("| 120 |", page);
        Assert.Contains("| 2 | 160 |", page);
    }

    [Fact]
    public async Task Callers_get_what_they_ask_for_and_every_job_ends_with_every_image()
    {
        await using var postgres = await PostgresServer.StartAsync(Token);
        using var folder = new TemporaryFolder();
        var (s3, bucket, settings) = await ServersAsync(postgres);

        await using var bench = await PipelineProcess.RunWithAsync(
            folder.Path, settings, "bench", "load", $"s3://{bucket}/load", "--clients", "6", "--images", "20", "--seconds", "5", "--pause", "50", "--markdown", "page.md");

        bench.AssertExit(0);
        Assert.DoesNotContain(s3.SecretKey, bench.Output + bench.Error);
        var page = File.ReadAllText(folder["page.md"]);
        Assert.Contains("| wrong answers | none |", page);
        Assert.Contains("| jobs that did not end as they should | none |", page);
        Assert.Matches(@"\| a job \| [0-9,]+ \|", page);
    }

    [Fact]
    public async Task Without_a_database_it_says_what_it_needs()
    {
        using var folder = new TemporaryFolder();

        await using var bench = await PipelineProcess.RunAsync(folder.Path, "bench", "pipeline", folder["run"]);

        bench.AssertExit(2);
        Assert.Contains("PIPELINE_CONNECTIONSTRINGS__HANGFIRE", Assert.Single(bench.ErrorLines));
    }

    private async Task<(CephS3Server S3, string Bucket, Dictionary<string, string> Settings)> ServersAsync(PostgresServer postgres)
    {
        var s3 = await shared.StartedAsync();
        return (s3, await s3.CreateBucketAsync(Token), new()
        {
            ["PIPELINE_STORAGE"] = "postgres",
            ["PIPELINE_CONNECTIONSTRINGS__HANGFIRE"] = await postgres.CreateDatabaseAsync(Token),
            ["PIPELINE_S3__ENDPOINT"] = s3.Endpoint.AbsoluteUri,
            ["PIPELINE_S3__ACCESSKEY"] = s3.AccessKey,
            ["PIPELINE_S3__SECRETKEY"] = s3.SecretKey,
        });
    }
}
