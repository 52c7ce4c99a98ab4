using System.Net;
using System.Text.Json;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Jobs;

public sealed class ReadJobTests
{
    [Fact]
    public async Task A_job_shows_its_progress_and_error()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Plan(id, shards: 2, rows: 5);
        host.Jobs.SetProgress(id, new JobProgress { ImagesDone = 6, ImagesFailed = 1, ShardsCommitted = 1, ShardsRunning = 1 });
        host.Jobs.MoveTo(id, JobState.Failed, "Shard 1 failed: no space.");

        using var response = await host.GetAsync($"/v1/jobs/{id}");
        var json = await ApiHost.JsonAsync(response, HttpStatusCode.OK);
        Assert.Equal("failed", json.GetProperty("state").GetString());
        Assert.Equal("Shard 1 failed: no space.", json.GetProperty("error").GetString());
        Assert.Equal("""{"total":10,"done":6,"failed":1}""", json.GetProperty("images").GetRawText());
        Assert.Equal("""{"total":2,"committed":1,"running":1}""", json.GetProperty("shards").GetRawText());

        // What a client of ours reads is what the server wrote.
        var view = JsonSerializer.Deserialize(json.GetRawText(), JobJson.Default.JobView)!;
        Assert.Equal((id, JobState.Failed, 6L), (view.Id, view.State, view.Images.Done));
    }

    [Fact]
    public async Task Jobs_come_in_pages_newest_first()
    {
        await using var host = await ApiHost.StartAsync();
        var ids = new List<string>();
        for (var index = 0; index < 3; index++)
        {
            ids.Add(await host.SubmitAsync($"out{index}"));
        }

        using var first = await host.GetAsync("/v1/jobs?limit=2");
        var page = await ApiHost.JsonAsync(first, HttpStatusCode.OK);
        Assert.Equal((3, 2), (page.GetProperty("total").GetInt32(), page.GetProperty("next_offset").GetInt32()));
        using var second = await host.GetAsync("/v1/jobs?limit=2&offset=2");
        var rest = await ApiHost.JsonAsync(second, HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next_offset").ValueKind);
        Assert.Equal(
            ids.Order(StringComparer.Ordinal),
            page.GetProperty("jobs").EnumerateArray().Concat(rest.GetProperty("jobs").EnumerateArray())
                .Select(job => job.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Shards_come_in_order_in_pages()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Shards.Write(id, [.. Enumerable.Range(0, 5).Select(index => new ShardStatus
        {
            Shard = index,
            Phase = index == 3 ? ShardPhase.Running : ShardPhase.Pending,
            Rows = 7,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        })]);

        using var response = await host.GetAsync($"/v1/jobs/{id}/shards?offset=2&limit=2");
        var page = await ApiHost.JsonAsync(response, HttpStatusCode.OK);
        Assert.Equal((5, 4), (page.GetProperty("total").GetInt32(), page.GetProperty("next_offset").GetInt32()));
        Assert.Equal([2, 3], page.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("shard").GetInt32()));
        Assert.Equal("running", page.GetProperty("shards")[1].GetProperty("phase").GetString());
    }

    [Theory]
    [InlineData("/v1/jobs?limit=0", "limit is 0")]
    [InlineData("/v1/jobs?limit=101", "limit is 101")]
    [InlineData("/v1/jobs?offset=-1", "offset is -1")]
    [InlineData("/v1/jobs?limit=many", "limit")]
    public async Task A_page_out_of_range_is_a_bad_request(string path, string words)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync(path);
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/jobs/job-nope")]
    [InlineData("GET", "/v1/jobs/job-nope/shards")]
    [InlineData("POST", "/v1/jobs/job-nope/cancel")]
    public async Task An_unknown_job_is_named(string method, string path)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = method == "GET" ? await host.GetAsync(path) : await host.PostAsync(path, "");
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.NotFound);
        Assert.Contains("\"job-nope\"", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
