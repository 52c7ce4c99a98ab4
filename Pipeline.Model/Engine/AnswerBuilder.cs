using Pipeline.Model.Execution;
using Pipeline.Model.Scheduling;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Engine;

/// <summary>Makes answers of what the network gave, token by token.</summary>
/// <param name="tokenizer">The checkpoint's.</param>
/// <param name="special">Its stop tokens.</param>
/// <param name="imagePositions">Of every image.</param>
internal sealed class AnswerBuilder(DragonflyTokenizer tokenizer, SpecialTokens special, int imagePositions)
{
    /// <summary>Gives a prompt what came of it in a step; ends it if that was all it needs.</summary>
    public void Take(PromptTask prompt, TextResult result)
    {
        switch (prompt, result)
        {
            case (Sequence sequence, FirstToken next):
                sequence.Append(next.Token);
                EndIfDone(sequence);
                break;
            case (ScoreTask score, ChoiceScores scores):
                score.End(ScoredAnswers.Of(scores.LogLikelihoods, imagePositions + prompt.Prompt.Count));
                break;
            default:
                throw new InvalidOperationException($"A {prompt.GetType().Name} can't be given a {result.GetType().Name}.");
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
        };
        sequence.End(answer);
    }
}
