using Pipeline.Model.Execution.Language;
using Pipeline.Model.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>Reads what came of a text prefill out of its logits.</summary>
internal static class TextResults
{
    /// <param name="logits">float32 <c>[logit rows, vocabulary]</c></param>
    /// <param name="prompts">In the order of the results.</param>
    /// <param name="batch">How they were packed.</param>
    public static IReadOnlyList<TextResult> Of(Tensor logits, IReadOnlyList<TextWork> prompts, TextBatch batch)
    {
        int[] generated = [.. Enumerable.Range(0, prompts.Count).Where(i => prompts[i] is GenerateWork)], scored = [.. Enumerable.Range(0, prompts.Count).Where(i => prompts[i] is ScoreWork)];
        var results = new TextResult[prompts.Count];
        if (generated.Length > 0)
        {
            using Tensor rows = logits.index_select(0, tensor(generated.Select(i => (long)batch.Works[i].FirstRow).ToArray(), device: logits.device));
            PickedToken[] tokens = TokenChoice.Pick(rows, [.. generated.Select(i => (((GenerateWork)prompts[i]).Picker, (IReadOnlyList<int>)[]))]);
            for (int i = 0; i < generated.Length; i++)
            {
                results[generated[i]] = new FirstToken(tokens[i]);
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
