using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class ProvenanceTests
{
    private static readonly JobSpec s_spec = new() { Source = "/in", Output = "/out", Model = "/m", Caption = "Describe" };

    private static readonly JobPlan s_plan = new() { JobId = "job", ModelRevision = "", Rows = 0, Shards = [] };

    // Rows of a job that asks for nothing new can be told to be made alike, whatever the version.
    [Fact]
    public void Parameters_of_a_job_without_sampling_keep_their_hash() =>
        Assert.Equal("c608b0a2ce8c9363d29552ad413139ee37c19737099f3d507f094b4ec5f86b83", ParametersOf(s_spec));

    [Fact]
    public void What_cannot_change_an_answer_does_not_change_the_hash()
    {
        JobSpec[] same =
        [
            s_spec with { Source = "/other", ShardSize = 7, Caption = "Say" },
            s_spec with { Sampling = new SamplingSpec { LogProbs = true } },
            s_spec with { Sampling = new SamplingSpec(), Quality = new QualitySpec() },
        ];
        Assert.All(same, spec => Assert.Equal(ParametersOf(s_spec), ParametersOf(spec)));
    }

    [Fact]
    public void Everything_that_can_does()
    {
        JobSpec[] others =
        [
            s_spec,
            s_spec with { MaxTokens = 5 },
            s_spec with { Quality = new QualitySpec { MaxRetries = 0 } },
            s_spec with { Sampling = new SamplingSpec { Temperature = 1 } },
            s_spec with { Sampling = new SamplingSpec { Temperature = 1, Seed = 1 } },
            s_spec with { Sampling = new SamplingSpec { Temperature = 1 }, MaxTokens = 5 },
            s_spec with { Sampling = new SamplingSpec { Stop = ["."] } },
        ];
        Assert.Equal(others.Length, others.Select(ParametersOf).Distinct().Count());
    }

    [Fact]
    public void Numbers_that_a_model_ran_in_are_told_where_they_are_not_the_usual_ones()
    {
        var usual = Provenance.Of(s_spec, s_plan, 1, DateTimeOffset.UnixEpoch, "float32");
        var rounded = Provenance.Of(s_spec, s_plan, 1, DateTimeOffset.UnixEpoch, "bfloat16+int8");

        Assert.Equal(ParametersOf(s_spec), usual.ParametersHash);
        Assert.NotEqual(usual.ParametersHash, rounded.ParametersHash);
        Assert.NotEqual(rounded.ParametersHash, Provenance.HashParameters(s_spec, "bfloat16"));
        Assert.Equal($"{usual.CodeVersion} (bfloat16+int8)", rounded.CodeVersion);
    }

    private static string ParametersOf(JobSpec spec) => Provenance.Of(spec, s_plan, 1, DateTimeOffset.UnixEpoch).ParametersHash;
}
