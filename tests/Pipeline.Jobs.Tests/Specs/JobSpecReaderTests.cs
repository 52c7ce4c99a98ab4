using System.Text.Json;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class JobSpecReaderTests
{
    [Fact]
    public void Every_member_is_read()
    {
        var reading = JobSpecReader.Read(
            """
            {
              "source": "/in", "output": "s3://bucket/out", "model": "/m", "caption": "Describe it.", "max_tokens": 7, "shard_size": 3,
              "questions": [
                { "id": "a", "text": "What?" },
                { "id": "b", "text": "Is it?", "kind": "yes-no", "choices": [] },
                { "id": "c", "text": "Which?", "kind": "choice", "choices": ["red", "blue"] }
              ]
            }
            """);

        Assert.Empty(reading.Faults);
        var spec = reading.Spec;
        Assert.Equal(("/in", "s3://bucket/out", "/m", "Describe it.", 7, 3), (spec.Source, spec.Output, spec.Model, spec.Caption, spec.MaxTokens, spec.ShardSize));
        Assert.Equal(["a", "b", "c"], spec.Questions.Select(question => question.Id));
        Assert.Equal([QuestionKind.Open, QuestionKind.YesNo, QuestionKind.Choice], spec.Questions.Select(question => question.Kind));
        Assert.Equal(["red", "blue"], spec.Questions[2].Choices);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var spec = JobSpecReader.Read("""{ "source": "/in", "output": "/out", "model": "/m", "caption": null, "questions": null }""").Spec;
        Assert.Null(spec.Caption);
        Assert.Empty(spec.Questions);
        Assert.Equal((JobSpec.DefaultMaxTokens, JobSpec.DefaultShardSize), (spec.MaxTokens, spec.ShardSize));
    }

    [Fact]
    public void All_faults_are_found_at_once_each_with_its_pointer()
    {
        var reading = JobSpecReader.Read(
            """
            {
              "source": 5, "model": null, "caption": ["x"], "max_tokens": "many", "shard_size": 1.5, "colour": "red", "a/b~c": 1,
              "questions": [ 7, { "text": "Is it?", "kind": "maybe", "choices": "yes" }, { "id": 1, "text": "x", "choices": ["a", 2], "weight": 3 } ]
            }
            """);

        Assert.Equal(
            [
                "/a~1b~0c", "/caption", "/colour", "/max_tokens", "/model", "/output", "/questions/0", "/questions/1/choices", "/questions/1/id",
                "/questions/1/kind", "/questions/2/choices/1", "/questions/2/id", "/questions/2/weight", "/shard_size", "/source",
            ],
            reading.Faults.Select(fault => fault.Pointer).Order(StringComparer.Ordinal));
        Assert.All(reading.Faults, fault => Assert.Matches(@"^.{20,}\.$", fault.Detail));
    }

    [Theory]
    [InlineData("maxTokens", "max_tokens")]
    [InlineData("Shard-Size", "shard_size")]
    [InlineData("SOURCE", "source")]
    public void A_member_spelt_differently_is_told_its_right_spelling(string written, string meant) =>
        Assert.Contains(
            new SpecFault($"/{written}", $"\"{written}\" is unknown: write it \"{meant}\"."),
            JobSpecReader.Read($$"""{ "{{written}}": 1 }""").Faults);

    [Fact]
    public void A_member_given_twice_is_a_fault() =>
        Assert.Contains(
            JobSpecReader.Read("""{ "source": "/a", "source": "/b" }""").Faults,
            fault => fault is { Pointer: "/source", Detail: "\"source\" is given more than once: give it once." });

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"/in\"")]
    public void What_is_no_object_is_one_fault(string json) =>
        Assert.Equal("", Assert.Single(JobSpecReader.Read(json).Faults).Pointer);

    [Fact]
    public void Half_of_a_surrogate_pair_is_a_fault() =>
        Assert.Contains(
            JobSpecReader.Read("""{ "source": "/in", "output": "/out", "model": "/m", "caption": "\ud83d" }""").Faults,
            fault => fault.Pointer == "/caption");

    [Fact]
    public void What_is_no_json_is_the_callers_to_report() =>
        Assert.ThrowsAny<JsonException>(() => JobSpecReader.Read("{ \"source\": "));
}
