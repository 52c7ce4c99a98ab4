using System.Text.Json.Nodes;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>What real processes tell of a real job: the numbers are those of the dataset.</summary>
[Collection(nameof(Watched))]
public sealed class MetricsTests(WatchedSystem system)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workers_numbers_are_at_least_those_of_the_finished_dataset()
    {
        var failed = (long)Processes.Dataset.Query(system.Dataset, "SELECT count(*) FROM {0} WHERE error_code = 'not_an_image'").Single()[0]!;
        var rows = (long)Processes.Dataset.Query(system.Dataset, "SELECT count(*) FROM {0}").Single()[0]!;
        Assert.Equal((WatchedSystem.Images, 1), (rows, failed));

        var scrape = await system.ScrapeAsync(system.Worker, Token);

        // Another job is under way, and its images are all good: the failures are the finished dataset's alone.
        Assert.Equal(failed, scrape.Sum("pipeline_commit_rows_total", ("pipeline_failure", "not_an_image")));
        Assert.Equal(failed, scrape.Sum("pipeline_worker_rows_total", ("pipeline_failure", "not_an_image")));
        Assert.True(scrape.Sum("pipeline_commit_rows_total") >= rows);
        Assert.True(scrape.Sum("pipeline_worker_rows_total") >= scrape.Sum("pipeline_commit_rows_total"));
        Assert.True(scrape.Sum("pipeline_worker_shards_total", ("pipeline_outcome", "committed")) >= WatchedSystem.Shards);
        Assert.Equal(0, scrape.Sum("pipeline_worker_shards_total", ("pipeline_outcome", "lease_lost")));
        Assert.Equal(scrape.Sum("pipeline_commit_duration_seconds_count"), scrape.Sum("pipeline_worker_shards_total", ("pipeline_outcome", "committed")));

        // A caption and a question of each image.
        Assert.True(scrape.Sum("pipeline_model_prompts_total") >= 2 * (rows - failed));
        Assert.True(scrape.Sum("pipeline_model_step_duration_seconds_sum", ("pipeline_stage", "vision")) > 0);
        Assert.Equal(32, scrape.Sum("pipeline_model_sequences_limit"));
        Assert.InRange(scrape.Sum("pipeline_model_kv_used", ("pipeline_pool", "image")), 0, scrape.Sum("pipeline_model_kv_limit", ("pipeline_pool", "image")));
        Assert.True(scrape.Sum("pipeline_worker_stage_duration_seconds_count", ("pipeline_stage", "read")) >= rows);
        Assert.InRange(scrape.Sum("pipeline_worker_shards_running"), 0, scrape.Sum("pipeline_worker_shards_limit") + 1);
    }

    [Fact]
    public async Task The_commits_of_one_job_are_the_rows_of_its_dataset()
    {
        // When the first job had ended, before the second began: of all that Prometheus saw, the least that is at least the dataset.
        var seen = await system.Prometheus.QueryLastAsync("sum(pipeline_commit_rows_total)", TimeSpan.FromMinutes(10), TimeProvider.System, Token);
        var values = Assert.Single(seen)["values"]!.AsArray().Select(value => double.Parse(value![1]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(WatchedSystem.Images, values);
    }

    [Fact]
    public async Task The_API_tells_of_active_jobs_and_of_the_database()
    {
        var scrape = await system.ScrapeAsync(system.Api, Token);

        Assert.Equal(WatchedSystem.ManyImages, scrape.Sum("pipeline_job_images_planned", ("pipeline_job", system.RunningJob)));
        Assert.InRange(scrape.Sum("pipeline_job_images_done", ("pipeline_job", system.RunningJob)), 1, WatchedSystem.ManyImages - 1);
        Assert.InRange(scrape.Sum("pipeline_jobs_backlog"), 1, WatchedSystem.ManyImages - 1);
        Assert.Equal(1, scrape.Sum("pipeline_jobs_active", ("pipeline_state", "in_progress")));
        Assert.DoesNotContain(scrape.Series, series => series.Labels.GetValueOrDefault("pipeline_job") == system.DoneJob);
        Assert.True(scrape.Sum("pipeline_database_size_bytes", ("pipeline_table", "hash")) > 0);
    }

    [Fact]
    public void Every_line_that_a_shard_logs_carries_its_job_and_its_shard()
    {
        var lines = system.Worker.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        var shards = lines.Where(line => line["Category"]!.GetValue<string>() == "Pipeline.Worker.Shards.ShardRunner").ToList();
        Assert.True(shards.Count >= 2 * WatchedSystem.Shards);
        Assert.All(shards, line =>
        {
            var scope = line["Scopes"]!.AsArray().OfType<JsonObject>().Single(scope => scope.ContainsKey("JobId"));
            Assert.Contains(scope["JobId"]!.GetValue<string>(), (string[])[system.DoneJob, system.RunningJob]);
            Assert.NotNull(scope["Shard"]);
        });
    }
}
