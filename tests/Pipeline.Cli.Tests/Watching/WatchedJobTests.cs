using System.Text.Json.Nodes;

namespace Pipeline.Cli.Tests.Watching;

/// <summary>What the API tells of a job, beside what its dataset holds.</summary>
[Collection(nameof(Watched))]
public sealed class WatchedJobTests(WatchedSystem system)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failures_are_those_of_the_dataset_in_the_job_and_one_by_one()
    {
        var rows = Processes.Dataset.Query(system.Dataset, "SELECT id, source_uri, error_code, error_message FROM {0} WHERE error_code IS NOT NULL ORDER BY id");

        var job = await system.GetAsync($"/v1/jobs/{system.DoneJob}", Token);
        var page = await system.GetAsync($"/v1/jobs/{system.DoneJob}/failures", Token);

        Assert.Equal("""{"not_an_image":1}""", job["failures"]!.ToJsonString());
        Assert.Equal(1, page["total"]!.GetValue<int>());
        Assert.Equal(rows.Single(), page["failures"]!.AsArray().Select(row => ((string[])["id", "source_uri", "code", "message"]).Select(name => (object?)row![name]!.GetValue<string>())).Single());
    }

    [Fact]
    public async Task Shards_and_counts_of_a_finished_job_are_those_of_the_dataset()
    {
        var job = await system.GetAsync($"/v1/jobs/{system.DoneJob}", Token);
        var shards = await system.GetAsync($"/v1/jobs/{system.DoneJob}/shards?phase=committed", Token);

        Assert.Equal("completed_with_errors", job["state"]!.GetValue<string>());
        Assert.Equal((WatchedSystem.Images, 1), (job["images"]!["done"]!.GetValue<int>(), job["images"]!["failed"]!.GetValue<int>()));
        Assert.Equal(WatchedSystem.Images, shards["shards"]!.AsArray().Sum(shard => shard!["done"]!.GetValue<int>()));
        Assert.Equal(["completed_with_errors", "finalizing", "in_progress", "planning"], job["state_times"]!.AsObject().Select(time => time.Key).Order());
    }

    [Fact]
    public async Task A_running_job_has_a_time_left_within_its_range()
    {
        JsonNode job;
        do
        {
            job = await system.GetAsync($"/v1/jobs/{system.RunningJob}", Token);
        }
        while (job["eta_seconds_low"] is null);

        Assert.InRange(job["eta_seconds"]!.GetValue<double>(), job["eta_seconds_low"]!.GetValue<double>(), job["eta_seconds_high"]!.GetValue<double>());
    }
}
