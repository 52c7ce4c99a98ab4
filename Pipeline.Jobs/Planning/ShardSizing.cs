using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Planning;

/// <summary>Divides images into shards, each of which makes one file: of at most so many rows as the job says, and of at most so many bytes as readers like.</summary>
/// <remarks>Readers like files of at most 500 MB, uncompressed. What a row will hold is not known when it is planned, so this leaves room.</remarks>
internal sealed class ShardSizing(JobSpec spec)
{
    /// <summary>Most bytes of a file by the estimate here, which for text is a generous one.</summary>
    public const long MostBytes = 400_000_000;

    /// <summary>Hashes, numbers and provenance.</summary>
    private const long FixedBytes = 1_000;

    /// <summary>Twice of what a token of English has; other scripts have more tokens, not longer ones.</summary>
    private const long BytesPerToken = 8;

    private readonly long answers = AnswersOf(spec, spec.Questions, 1 + (spec.Caption is null ? 0 : (spec.Quality ?? new QualitySpec()).MaxRetries));

    public async IAsyncEnumerable<IReadOnlyList<PlannedImage>> DivideAsync(IAsyncEnumerable<PlannedImage> images)
    {
        List<PlannedImage> shard = [];
        long bytes = 0;
        await foreach (var image in images)
        {
            var more = BytesOf(image);
            if (shard.Count == spec.ShardSize || (shard.Count > 0 && bytes + more > MostBytes))
            {
                yield return shard;
                (shard, bytes) = ([], 0);
            }

            shard.Add(image);
            bytes += more;
        }

        if (shard.Count > 0)
        {
            yield return shard;
        }
    }

    /// <summary>Bytes that the image's row will about have.</summary>
    private long BytesOf(PlannedImage image) =>
        FixedBytes + image.Key.Length + image.Uri.Length + answers
        + (image.Columns?.Length ?? 0) + (image.Questions is { } own ? own.Length + TokenBytes(spec.MaxTokens) : 0)
        + (spec.EmbedImages ? image.Bytes : 0);

    private static long AnswersOf(JobSpec spec, IReadOnlyList<Question> questions, int captions)
    {
        long Written(int tokens) => TokenBytes(tokens) + (spec.Sampling is { LogProbs: true } ? (long)sizeof(double) * tokens : 0);
        return (spec.Caption is null ? 0 : captions * Written(spec.MaxTokens))
            + questions.Sum(question => question.Text.Length + question.Choices.Sum(choice => (long)choice.Length + sizeof(double))
                + (question.Choices.Count > 0 || question.Kind is QuestionKind.YesNo ? 0 : Written(question.MaxTokens ?? spec.MaxTokens)));
    }

    private static long TokenBytes(int tokens) => BytesPerToken * tokens;
}
