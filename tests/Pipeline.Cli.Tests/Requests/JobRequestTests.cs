using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Requests;

namespace Pipeline.Cli.Tests.Requests;

public sealed class JobRequestTests
{
    private static readonly JobRequest s_request = new() { Source = "in", Output = "s3://bucket/out", Model = "/models/a", MaxTokens = 8, ShardSize = 9 };

    [Fact]
    public void Paths_become_absolute_and_uris_stay()
    {
        var json = JsonNode.Parse(s_request.ToJson())!;

        Assert.Equal(Path.GetFullPath("in"), json["source"]!.GetValue<string>());
        Assert.Equal("s3://bucket/out", json["output"]!.GetValue<string>());
        Assert.Equal("/models/a", json["model"]!.GetValue<string>());
    }

    [Fact]
    public void A_caption_is_asked_for_where_nothing_is()
    {
        Assert.Equal(JobRequest.DefaultCaption, Caption(s_request));
        Assert.Equal("Say it", Caption(s_request with { Caption = "Say it" }));
        Assert.Null(Caption(s_request with { Questions = [new JsonObject()] }));
    }

    [Fact]
    public void Sampling_is_there_where_an_option_asks_for_it()
    {
        Assert.Equal((null, null), Sampling());
        Assert.Equal(("""{"temperature":0.7,"seed":9007199254740993}""", null), Sampling("--temperature", "0.7", "--seed", "9007199254740993"));
        Assert.Equal(
            ("""{"top_p":0.9,"top_k":5,"min_p":0.1,"repetition_penalty":1.1,"stop":["a","b"],"logprobs":true}""", """{"max_retries":0}"""),
            Sampling(
                "--top-p", "0.9", "--top-k", "5", "--min-p", "0.1", "--repetition-penalty", "1.1", "--stop", "a", "--stop", "b", "--logprobs", "--max-retries", "0"));
    }

    private static (string? Sampling, string? Quality) Sampling(params string[] arguments)
    {
        var command = new Command("test");
        var options = new SpecOptions();
        options.AddTo(command);
        var json = JsonNode.Parse(options.Request(command.Parse(arguments), "in").ToJson())!;
        return (json["sampling"]?.ToJsonString(), json["quality"]?.ToJsonString());
    }

    private static string? Caption(JobRequest request) => JsonNode.Parse(request.ToJson())!["caption"]?.GetValue<string>();
}
