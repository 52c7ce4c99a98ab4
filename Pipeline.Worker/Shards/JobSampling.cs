using Pipeline.Jobs.Specs;
using Pipeline.Model.Sampling;

namespace Pipeline.Worker.Shards;

/// <summary>A job's sampling in the engine's terms.</summary>
internal sealed class JobSampling(JobSpec spec)
{
    private readonly SamplingSpec _sampling = spec.Sampling ?? new SamplingSpec();

    /// <summary>Of the job, where a question has none of its own.</summary>
    public int MaxTokens => spec.MaxTokens;

    /// <summary>For text that may be anything.</summary>
    public SamplingParams Free(int maxTokens) => Shaped(maxTokens) with { RepetitionPenalty = _sampling.RepetitionPenalty, Stop = _sampling.Stop };

    /// <summary>For text of a given shape: a stop text would cut it before it matches, and a penalty make 100 less likely than 10.</summary>
    public SamplingParams Shaped(int maxTokens) => new()
    {
        MaxTokens = maxTokens,
        Temperature = _sampling.Temperature,
        TopP = _sampling.TopP,
        TopK = _sampling.TopK,
        MinP = _sampling.MinP,
        Seed = _sampling.Seed,
        LogProbs = _sampling.LogProbs,
    };
}
