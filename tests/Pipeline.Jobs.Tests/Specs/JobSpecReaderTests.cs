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
    public void A_person_writes_the_members_of_the_canonical_json()
    {
        var json = JobSpecJson.Write(SpecSamples.WithEverything());

        var reading = JobSpecReader.Read(json);

        Assert.Empty(reading.Faults);
        Assert.Equal(json, JobSpecJson.Write(reading.Spec));
    }

    [Fact]
    public void Sampling_and_quality_have_defaults_of_their_own()
    {
        var spec = JobSpecReader.Read("""{ "source": "/in", "output": "/out", "model": "/m", "sampling": { "top_k": 5 }, "quality": {} }""").Spec;

        Assert.Equivalent(new SamplingSpec { TopK = 5 }, spec.Sampling, strict: true);
        Assert.Equal(new QualitySpec { MaxRetries = 2 }, spec.Quality);
    }

    [Fact]
    public void Faults_of_sampling_quality_and_questions_have_their_pointers()
    {
        var reading = JobSpecReader.Read(
            """
            {
              "source": "/in", "output": "/out", "model": "/m", "quality": { "max_retries": 1.5 },
              "sampling": { "temperature": "hot", "top_p": 1e999, "top_k": 0.5, "seed": 1e30, "stop": "x", "logprobs": 1, "topP": 1 },
              "questions": [ { "id": "a", "text": "x", "kind": "multichoice", "pattern": 1, "max_tokens": "9" } ]
            }
            """);

        Assert.Equal(
            [
                "/quality/max_retries", "/questions/0/kind", "/questions/0/max_tokens", "/questions/0/pattern", "/sampling/logprobs", "/sampling/seed",
                "/sampling/stop", "/sampling/temperature", "/sampling/topP", "/sampling/top_k", "/sampling/top_p",
            ],
            reading.Faults.Select(fault => fault.Pointer).Order(StringComparer.Ordinal));
        Assert.All(reading.Faults, fault => Assert.Matches(@"^.{20,}\.$", fault.Detail));
        Assert.All(
            (string[])["""{ "sampling": [] }""", """{ "quality": 2 }"""],
            json => Assert.Contains(JobSpecReader.Read(json).Faults, fault => fault.Detail.Contains("is no JSON object", StringComparison.Ordinal)));
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
