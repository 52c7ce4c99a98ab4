using System.Net;
using System.Text;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Jobs;

public sealed class ControlJobTests
{
    [Fact]
    public async Task A_job_is_asked_to_pause_and_goes_on()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        using var pause = await host.PostAsync($"/v1/jobs/{id}/pause", "");
        Assert.True((await ApiHost.JsonAsync(pause, HttpStatusCode.Accepted)).GetProperty("pause_requested").GetBoolean());

        host.Jobs.MoveTo(id, JobState.Paused, null);
        using var again = await host.PostAsync($"/v1/jobs/{id}/pause", "");
        Assert.Equal("paused", (await ApiHost.JsonAsync(again, HttpStatusCode.OK)).GetProperty("state").GetString());

        using var resume = await host.PostAsync($"/v1/jobs/{id}/resume", "");
        Assert.False((await ApiHost.JsonAsync(resume, HttpStatusCode.Accepted)).GetProperty("pause_requested").GetBoolean());
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    public async Task An_unknown_job_is_not_found(string what)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync($"/v1/jobs/job-none/{what}", "");
        await ApiHost.ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("pause", "The job cannot be paused.")]
    [InlineData("resume", "The job cannot be resumed.")]
    public async Task A_job_that_has_ended_is_a_conflict(string what, string title)
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Jobs.MoveTo(id, JobState.Failed, null);
        using var response = await host.PostAsync($"/v1/jobs/{id}/{what}", "");
        Assert.Equal(title, (await ApiHost.ProblemAsync(response, HttpStatusCode.Conflict)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_schedule_of_a_running_job_is_changed_member_by_member()
    {
        await using var host = await ApiHost.StartAsync();
        var spec = host.Spec().TrimEnd().TrimEnd('}') + """, "schedule": { "priority": 7, "max_failed_rows": 12 } }""";
        using var submitted = await host.PostAsync("/v1/jobs", spec);
        var id = (await ApiHost.JsonAsync(submitted, HttpStatusCode.Created)).GetProperty("id").GetString();

        using var changed = await PatchAsync(host, $"/v1/jobs/{id}/schedule", """{ "priority": 9, "max_concurrent_shards": 4 }""");

        Assert.Equal(
            """{"priority":9,"max_concurrent_shards":4,"max_failed_rows":12}""",
            (await ApiHost.JsonAsync(changed, HttpStatusCode.OK)).GetProperty("schedule").GetRawText());
    }

    [Fact]
    public async Task A_schedule_that_is_wrong_changes_nothing_and_names_every_fault()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        using var changed = await PatchAsync(host, $"/v1/jobs/{id}/schedule", """{ "priority": 0, "deadline": "2001-01-01T00:00:00Z" }""");
        var problem = await ApiHost.ProblemAsync(changed, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/priority", "/deadline"], problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));
        Assert.Equal(5, host.Jobs.Find(id)!.Schedule.Priority);
    }

    [Fact]
    public async Task The_schedule_of_a_job_that_has_ended_stays()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Jobs.MoveTo(id, JobState.Cancelled, null);
        using var changed = await PatchAsync(host, $"/v1/jobs/{id}/schedule", """{ "priority": 9 }""");
        await ApiHost.ProblemAsync(changed, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Failed_rows_are_made_again_of_a_finished_dataset_that_has_some()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        using var early = await host.PostAsync($"/v1/jobs/{id}/retry-failed", "");
        await ApiHost.ProblemAsync(early, HttpStatusCode.Conflict);

        host.Jobs.MoveTo(id, JobState.CompletedWithErrors, null);
        using var lost = await host.PostAsync($"/v1/jobs/{id}/retry-failed", "");
        Assert.Contains("no finished dataset any more", (await ApiHost.ProblemAsync(lost, HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(
            Path.Combine(host.Folder, "out", "_SUCCESS"),
            $$"""{ "job_id": "{{id}}", "files": 1, "rows": 2, "failed_rows": 1, "manifest_sha256": "", "finished_at": "2026-01-01T00:00:00Z" }""",
            TestContext.Current.CancellationToken);
        using var begun = await host.PostAsync($"/v1/jobs/{id}/retry-failed", "");
        var job = await ApiHost.JsonAsync(begun, HttpStatusCode.Accepted);
        Assert.Equal(("planning", 2, 2), (job.GetProperty("state").GetString(), job.GetProperty("run").GetInt32(), job.GetProperty("dataset_version").GetInt32()));
        using var unknown = await host.PostAsync("/v1/jobs/job-none/retry-failed", "");
        await ApiHost.ProblemAsync(unknown, HttpStatusCode.NotFound);
    }

    private static Task<HttpResponseMessage> PatchAsync(ApiHost host, string path, string json) => host.Client.PatchAsync(
        new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}
