using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Jobs;

public sealed class FollowJobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_told_at_once_and_when_it_changes_and_the_stream_ends_with_it()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        await using var stream = await host.Client.GetStreamAsync(new Uri($"/v1/jobs/{id}/events", UriKind.Relative), Token);

        var seen = new List<JobState>();
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, JobJson.Default.JobView)!).EnumerateAsync(Token))
        {
            Assert.Equal("job", item.EventType);
            seen.Add(item.Data.State);
            if (seen.Count == 1)
            {
                host.Jobs.MoveTo(id, JobState.Failed, "No space is left.");
            }
        }

        Assert.Equal([JobState.Planning, JobState.Failed], seen);
    }

    [Fact]
    public async Task Only_shards_of_a_phase_can_be_asked_for()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Shards.Write(id, [.. Enumerable.Range(0, 5).Select(index => new ShardStatus
        {
            Shard = index,
            Phase = index == 3 ? ShardPhase.Failed : ShardPhase.Pending,
            Rows = 7,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        })]);

        using var failed = await host.GetAsync($"/v1/jobs/{id}/shards?phase=failed");
        var page = await ApiHost.JsonAsync(failed, HttpStatusCode.OK);
        Assert.Equal(1, page.GetProperty("total").GetInt32());
        Assert.Equal(3, page.GetProperty("shards")[0].GetProperty("shard").GetInt32());
        using var wrong = await host.GetAsync($"/v1/jobs/{id}/shards?phase=lost");
        Assert.Contains("\"lost\"", (await ApiHost.ProblemAsync(wrong, HttpStatusCode.BadRequest)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("failures")]
    public async Task An_unknown_job_has_no_parts(string part)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.GetAsync($"/v1/jobs/job-nope/{part}");
        await ApiHost.ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_job_without_a_committed_shard_has_no_failures_yet()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        using var response = await host.GetAsync($"/v1/jobs/{id}/failures");
        Assert.Equal("""{"failures":[],"total":0,"next_offset":null}""", (await ApiHost.JsonAsync(response, HttpStatusCode.OK)).GetRawText());
    }
}
