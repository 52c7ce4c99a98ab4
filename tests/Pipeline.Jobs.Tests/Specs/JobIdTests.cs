using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Tests.Specs;

public sealed class JobIdTests
{
    [Fact]
    public void Canonical_json_has_every_member_in_a_fixed_order() => Assert.Equal(
        """
        {"source":"/data/in","output":"/data/out","model":"/models/tiny","caption":"Describe the image.","questions":[{"id":"person","text":"Is there a person?","kind":"yes-no","choices":[]}],"max_tokens":128,"shard_size":1000}
        """,
        JobSpecJson.Write(SpecSamples.Spec()));

    // Guards every dataset in the world: a job whose id changes no longer finds its own output.
    [Fact]
    public void The_id_of_a_spec_never_changes() => Assert.Equal("job-32ab38e576d5d4dc", JobId.Of(SpecSamples.Spec()));

    [Fact]
    public void Every_spelling_of_a_place_gives_the_same_id()
    {
        var spec = SpecSamples.Spec();
        Assert.Equal(JobId.Of(spec), JobId.Of(spec with { Source = "file:///data/in/", Output = "/data/x/../out", Model = "/models//tiny/" }));
    }

    [Fact]
    public void Anything_else_gives_another_id()
    {
        var spec = SpecSamples.Spec();
        JobSpec[] others =
        [
            spec with { Source = "/data/other" },
            spec with { Output = "/data/other" },
            spec with { Model = "/data/other" },
            spec with { Caption = null },
            spec with { Questions = [] },
            spec with { Questions = [spec.Questions[0] with { Text = "Is there a dog?" }] },
            spec with { MaxTokens = 5 },
            spec with { ShardSize = 5 },
            spec with { Questions = [spec.Questions[0] with { MaxTokens = 5 }] },
            spec with { Questions = [spec.Questions[0] with { Pattern = "a" }] },
            spec with { Quality = new QualitySpec { MaxRetries = 0 } },
            spec with { Sampling = new SamplingSpec { Temperature = 1 } },
            spec with { Sampling = new SamplingSpec { TopP = 0.5 } },
            spec with { Sampling = new SamplingSpec { TopK = 1 } },
            spec with { Sampling = new SamplingSpec { MinP = 0.5 } },
            spec with { Sampling = new SamplingSpec { RepetitionPenalty = 2 } },
            spec with { Sampling = new SamplingSpec { Seed = 1 } },
            spec with { Sampling = new SamplingSpec { Stop = ["."] } },
            spec with { Sampling = new SamplingSpec { LogProbs = true } },
            spec with { Filters = new FilterSpec { MinWidth = 1 } },
            spec with { Filters = new FilterSpec { MinContrast = 1 } },
            spec with { Duplicates = new DuplicateSpec() },
            spec with { Duplicates = new DuplicateSpec { Find = DuplicateKind.Near } },
            spec with { Duplicates = new DuplicateSpec { Find = DuplicateKind.Near, MaxBits = 2 } },
            spec with { Duplicates = new DuplicateSpec { Action = DuplicateAction.Skip } },
        ];
        Assert.Equal(others.Length + 1, others.Append(spec).Select(JobId.Of).Distinct().Count());
    }

    [Fact]
    public void Saying_what_holds_anyway_gives_the_same_id()
    {
        var spec = SpecSamples.Spec();
        Assert.Equal(JobId.Of(spec), JobId.Of(spec with { Sampling = new SamplingSpec { Stop = new List<string>() }, Quality = new QualitySpec(), Filters = new FilterSpec() }));
        Assert.Equal(
            JobId.Of(spec with { Duplicates = new DuplicateSpec() }), JobId.Of(spec with { Duplicates = new DuplicateSpec { MaxBits = 1 } }));
    }

    [Fact]
    public void Canonical_json_reads_back()
    {
        JobSpec[] specs = [SpecSamples.Spec(), SpecSamples.WithEverything()];
        Assert.All(specs.Select(JobSpecJson.Write), json => Assert.Equal(json, JobSpecJson.Write(JobSpecJson.Parse(json))));
    }

    [Fact]
    public void Canonical_json_of_a_spec_with_everything_has_a_fixed_order() => Assert.Equal(
        """
        {"source":"/data/in","output":"/data/out","model":"/models/tiny","caption":"Describe the image.","questions":[{"id":"person","text":"Is there a person?","kind":"yes-no","choices":[]},{"id":"pets","text":"Which pets?","kind":"multi-choice","choices":["cat","dog"]},{"id":"count","text":"How many?","kind":"number","choices":[]},{"id":"plate","text":"Which plate?","kind":"regex","choices":[],"pattern":"[A-Z]{2}-[0-9]{1,4}","max_tokens":12}],"max_tokens":128,"sampling":{"temperature":0.7,"top_p":0.9,"top_k":50,"min_p":0.05,"repetition_penalty":1.1,"seed":42,"stop":["###"],"logprobs":true},"quality":{"max_retries":1},"filters":{"min_width":64,"min_height":48,"max_aspect":4.5,"min_contrast":2},"duplicates":{"find":"near","action":"skip","max_bits":3},"shard_size":1000}
        """,
        JobSpecJson.Write(SpecSamples.WithEverything()));
}
