using System.Net;
using System.Text;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Jobs;

public sealed class IdempotencyKeyTests
{
    [Fact]
    public async Task A_request_that_is_sent_again_gives_the_job_as_it_is()
    {
        await using var host = await ApiHost.StartAsync();
        using var first = await PostAsync(host, "key-1", host.Spec());
        var id = (await ApiHost.JsonAsync(first, HttpStatusCode.Created)).GetProperty("id").GetString()!;
        host.Jobs.MoveTo(id, JobState.Cancelled, null);

        using var again = await PostAsync(host, "key-1", host.Spec());

        Assert.Equal("cancelled", (await ApiHost.JsonAsync(again, HttpStatusCode.OK)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_named()
    {
        await using var host = await ApiHost.StartAsync();
        using var first = await PostAsync(host, "key-1", host.Spec());
        using var other = await PostAsync(host, "key-1", host.Spec("other"));
        var problem = await ApiHost.ProblemAsync(other, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("\"key-1\" was used for another request", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, host.Jobs.List(0, 10).Total);
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await PostAsync(host, new string('k', 256), host.Spec());
        await ApiHost.ProblemAsync(response, HttpStatusCode.BadRequest);
    }

    private static async Task<HttpResponseMessage> PostAsync(ApiHost host, string key, string spec)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/jobs", UriKind.Relative))
        {
            Content = new StringContent(spec, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
