using Pipeline.Model.Execution.Language;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>Reads what came of a text prefill out of its logits.</summary>
internal static class TextResults
{
    /// <param name="logits">float32 <c>[logit rows, vocabulary]</c></param>
    /// <param name="prompts">In the order of the results.</param>
    /// <param name="batch">How they were packed.</param>
    /// <param name="placement">Where the model runs.</param>
    public static IReadOnlyList<TextResult> Of(Tensor logits, IReadOnlyList<TextWork> prompts, TextBatch batch, Placement placement)
    {
        int[] generated = [.. Enumerable.Range(0, prompts.Count).Where(i => prompts[i] is GenerateWork)], scored = [.. Enumerable.Range(0, prompts.Count).Where(i => prompts[i] is ScoreWork)];
        var results = new TextResult[prompts.Count];
        if (generated.Length > 0)
        {
            using Tensor rows = logits.index_select(0, tensor(generated.Select(i => (long)batch.Works[i].FirstRow).ToArray(), device: logits.device));
            using var choice = new TokenChoice([.. generated.Select(i => ((GenerateWork)prompts[i]).Picker)], new int[generated.Length], tokens: 1, placement);
            choice.Pick(rows, [.. generated.Select(_ => (IReadOnlyList<int>)[])]);
            foreach (var (i, tokens) in generated.Zip(choice.Read()))
            {
                results[i] = new NextTokens(tokens);
            }
        }

        if (scored.Length > 0)
        {
            float[] scores = TokenChoice.Score(logits, [.. scored.SelectMany(i => batch.Works[i].Choices)]);
            int next = 0;
            foreach (int i in scored)
            {
                double[] sums = new double[((ScoreWork)prompts[i]).Choices.Count];
                foreach (ChoiceRow choice in batch.Works[i].Choices)
                {
                    sums[choice.Choice] += scores[next++];
                }

                results[i] = new ChoiceScores(sums);
            }
        }

        return results;
    }
}
