using System.Net;
using System.Text.Json;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Tests.Jobs;

public sealed class SubmitJobTests
{
    [Fact]
    public async Task A_new_job_is_created_with_its_location()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/jobs", host.Spec());

        var job = await ApiHost.JsonAsync(response, HttpStatusCode.Created);
        var id = job.GetProperty("id").GetString()!;
        Assert.Matches("^job-[0-9a-f]{16}$", id);
        Assert.Equal($"/v1/jobs/{id}", response.Headers.Location?.OriginalString);
        Assert.Equal("planning", job.GetProperty("state").GetString());
        Assert.Equal("Describe it.", job.GetProperty("spec").GetProperty("caption").GetString());
        Assert.Equal(128, job.GetProperty("spec").GetProperty("max_tokens").GetInt32());
        Assert.Equal(JsonValueKind.Null, job.GetProperty("images").GetProperty("total").ValueKind);
        Assert.True(job.GetProperty("state_times").TryGetProperty("planning", out _));
    }

    [Fact]
    public async Task The_same_spec_again_is_the_same_job()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();

        using var again = await host.PostAsync("/v1/jobs", host.Spec());
        Assert.Equal(id, (await ApiHost.JsonAsync(again, HttpStatusCode.OK)).GetProperty("id").GetString());

        host.Jobs.MoveTo(id, JobState.Failed, "No space left.");
        using var continued = await host.PostAsync("/v1/jobs", host.Spec());
        var job = await ApiHost.JsonAsync(continued, HttpStatusCode.OK);
        Assert.Equal(("planning", 2), (job.GetProperty("state").GetString(), job.GetProperty("run").GetInt32()));
    }

    [Fact]
    public async Task Everything_wrong_with_a_spec_is_said_at_once()
    {
        await using var host = await ApiHost.StartAsync();
        Directory.Delete(Path.Combine(host.Folder, "in"), recursive: true);
        using var response = await host.PostAsync(
            "/v1/jobs",
            $$"""
            {
              "source": "{{host.Folder}}/in", "output": "/proc/out", "model": "{{host.Folder}}/nowhere", "max_tokens": "9", "shard_size": 0, "colour": 1,
              "questions": [ { "id": "a b", "text": "x", "kind": "choice", "choices": ["y"], "weight": 2 } ]
            }
            """);

        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        var errors = problem.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(
            [
                "/source", "/output", "/model", "/questions/0/weight", "/questions/0/id", "/questions/0/choices", "/max_tokens", "/shard_size", "/colour",
            ],
            errors.Select(error => error.GetProperty("pointer").GetString()));
        Assert.All(errors, error => Assert.Matches(@"^.{20,}\.$", error.GetProperty("detail").GetString()));
        Assert.Equal(0, host.Jobs.List(0, 1).Total);
    }

    [Theory]
    [InlineData("{ \"source\": ")]
    [InlineData("")]
    [InlineData("source=/in")]
    public async Task A_body_that_is_no_json_is_a_bad_request(string body)
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/jobs", body);
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal("The body is not JSON.", problem.GetProperty("title").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Json_that_is_no_object_is_refused_with_one_error()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/jobs", "[1]");
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Another_content_type_is_named()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/jobs", host.Spec(), "text/plain");
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Contains("text/plain", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_content_type_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(host.Spec()));
        using var response = await host.Client.PostAsync(new Uri("/v1/jobs", UriKind.Relative), content, TestContext.Current.CancellationToken);
        await ApiHost.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_huge_body_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/jobs", host.Spec(caption: new string('x', 2 << 20)));
        await ApiHost.ProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_output_of_another_job_is_refused()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        using var response = await host.PostAsync("/v1/jobs", host.Spec(caption: "Something else."));
        var problem = await ApiHost.ProblemAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Contains(id, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_starts_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        using var response = await host.PostAsync("/v1/jobs/dry-run", host.Spec());
        var report = await ApiHost.JsonAsync(response, HttpStatusCode.OK);
        Assert.Equal((2, 1, true), (report.GetProperty("images").GetInt32(), report.GetProperty("shards").GetInt32(), report.GetProperty("is_counted").GetBoolean()));
        Assert.Equal("Describe it.", report.GetProperty("samples")[0].GetProperty("caption").GetString());
        Assert.Equal(0, host.Jobs.List(0, 10).Total);

        using var wrong = await host.PostAsync("/v1/jobs/dry-run", "{}");
        await ApiHost.ProblemAsync(wrong, HttpStatusCode.UnprocessableEntity);
    }
}
