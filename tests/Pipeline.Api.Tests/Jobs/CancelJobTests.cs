using System.Net;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Jobs;

public sealed class CancelJobTests
{
    [Fact]
    public async Task A_running_job_is_asked_to_stop_as_often_as_one_likes()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        for (var time = 0; time < 2; time++)
        {
            using var response = await host.PostAsync($"/v1/jobs/{id}/cancel", "");
            var job = await ApiHost.JsonAsync(response, HttpStatusCode.Accepted);
            Assert.True(job.GetProperty("cancel_requested").GetBoolean());
        }

        Assert.True(host.Jobs.ShouldStop(id));
    }

    [Fact]
    public async Task A_cancelled_job_stays_cancelled()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Jobs.MoveTo(id, JobState.Cancelled, null);
        using var response = await host.PostAsync($"/v1/jobs/{id}/cancel", "");
        Assert.Equal("cancelled", (await ApiHost.JsonAsync(response, HttpStatusCode.OK)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData(JobState.Completed, "completed")]
    [InlineData(JobState.Failed, "failed")]
    [InlineData(JobState.Finalizing, "finalizing")]
    public async Task A_job_past_stopping_is_a_conflict(JobState state, string name)
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Jobs.MoveTo(id, state, null);
        using var response = await host.PostAsync($"/v1/jobs/{id}/cancel", "");
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.Conflict);
        Assert.Contains($"is {name}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
