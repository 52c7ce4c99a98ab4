using Pipeline.Jobs.Reuse;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Worker.Shards;

/// <summary>Between decoding and answering: gives an image the answers that an earlier dataset holds for it, so that the model is not asked.</summary>
internal sealed class AnswerReuse(JobSpec spec, ShardPrompts prompts, EarlierAnswers? earlier, StorePatience patience)
{
    private readonly string _promptHash = Provenance.HashPrompts(spec);
    private readonly bool _wantsLogProbs = spec.Sampling is { LogProbs: true };

    /// <summary>The image with what is known of it; as it is if it failed, or if nothing is.</summary>
    public async Task<ImageWork> FindAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (earlier is null || work is not { Failure: null, Sha256: { } sha256 })
        {
            return work;
        }

        var promptHash = prompts.Of(work.Planned).PromptHash ?? _promptHash;
        var row = await patience.RunAsync(token => earlier.FindAsync(sha256, promptHash, token), cancellationToken);
        return row is null || (_wantsLogProbs && !HasLogProbs(row.Annotation))
            ? work
            : work with { Crops = null, Reused = _wantsLogProbs ? row : row with { Annotation = WithoutLogProbs(row.Annotation) } };
    }

    private static bool HasLogProbs(AnnotationRow row) =>
        row.Caption is not { Tokens: > 0, LogProbabilities.Count: 0 } && !row.Labels.Any(label => label is { Tokens: > 0, LogProbabilities.Count: 0 });

    private static AnnotationRow WithoutLogProbs(AnnotationRow row) => row with
    {
        Caption = row.Caption is { } caption ? caption with { LogProbabilities = [] } : null,
        Labels = [.. row.Labels.Select(label => label with { LogProbabilities = [] })],
    };
}
