using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Quality;
using Pipeline.Model.Sampling;
using Pipeline.Model.Scheduling;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Engine;

/// <summary>Makes answers of what the network gave, token by token.</summary>
/// <param name="tokenizer">The checkpoint's.</param>
/// <param name="special">Its stop tokens.</param>
/// <param name="imagePositions">Of every image.</param>
/// <param name="policy">Judges answers to prompts with a gate.</param>
internal sealed class AnswerBuilder(DragonflyTokenizer tokenizer, SpecialTokens special, int imagePositions, AnswerPolicy policy)
{
    /// <summary>Gives a prompt what came of it in a step; ends it if that was all it needs.</summary>
    public void Take(PromptTask prompt, TextResult result)
    {
        switch (prompt, result)
        {
            case (Sequence sequence, NextTokens next):
                Append(sequence, next.Tokens);
                break;
            case (ScoreTask score, ChoiceScores scores):
                score.End(ScoredAnswers.Of(scores.LogLikelihoods, imagePositions + prompt.Prompt.Count) with { Zooms = ZoomsOf(prompt) });
                break;
            default:
                throw new InvalidOperationException($"A {prompt.GetType().Name} can't be given a {result.GetType().Name}.");
        }
    }

    /// <summary>What was run behind the end of an answer is dropped.</summary>
    private void Append(Sequence sequence, IReadOnlyList<PickedToken> tokens)
    {
        for (int i = 0; i < tokens.Count && sequence.Answer is null && !sequence.IsToStartAgain; i++)
        {
            sequence.Append(tokens[i]);
            EndIfDone(sequence);
        }
    }

    private void EndIfDone(Sequence sequence)
    {
        if (!sequence.Sampling.IgnoreEos && special.IsStop(sequence.Generated[^1]))
        {
            End(sequence, tokenizer.Decode(sequence.Generated), FinishReason.Stop);
        }
        else if (StopTexts.TryCut(sequence, tokenizer) is { } text)
        {
            End(sequence, text, FinishReason.Stop);
        }
        else if (sequence.Generated.Count == sequence.Sampling.MaxTokens)
        {
            End(sequence, tokenizer.Decode(sequence.Generated), FinishReason.Length);
        }
    }

    private void End(Sequence sequence, string text, FinishReason reason)
    {
        var answer = new GeneratedAnswer(
            text, [.. sequence.Generated], reason, sequence.LogProbabilities.Average(value => (double)value), imagePositions + sequence.Prompt.Count)
        {
            LogProbabilities = sequence.Sampling.LogProbs ? [.. sequence.LogProbabilities.Select(value => (double)value)] : [],
            Rejected = [.. sequence.Rejected],
            Zooms = ZoomsOf(sequence),
        };
        AnswerDefect? defect = sequence.Source.Gate is null ? null : policy.FindDefect(answer);
        if (defect is { } found && sequence.Rejected.Count < sequence.Source.Gate?.MaxRetries)
        {
            StartAgain(sequence, new RejectedAnswer(text, found));
        }
        else
        {
            sequence.End(answer with { Defect = defect });
        }
    }

    /// <summary>Of the request's own size: images of equal crops may have been scaled from different ones.</summary>
    private static IReadOnlyList<PixelBox> ZoomsOf(PromptTask prompt) =>
        ZoomBoxes.Of(prompt.Request.Crops.Image, prompt.Request.Crops.Size, prompt.Request.Image?.KeptCrops ?? []);

    /// <summary>The image is still in its slot: only the prompt is prefilled once more.</summary>
    private void StartAgain(Sequence sequence, RejectedAnswer rejected)
    {
        SamplingParams changed = policy.ChangedFor(sequence.Source.Sampling, sequence.Rejected.Count + 1);
        sequence.StartAgain(rejected, changed, policy.PickerFor(changed, sequence.Source.Shape, sequence.Prompt));
    }
}
