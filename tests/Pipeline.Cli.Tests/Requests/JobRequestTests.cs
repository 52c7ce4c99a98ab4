using System.Text.Json.Nodes;
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

    private static string? Caption(JobRequest request) => JsonNode.Parse(request.ToJson())!["caption"]?.GetValue<string>();
}
