using System.Buffers;
using System.Numerics.Tensors;
using Pipeline.Model.Constraints;

namespace Pipeline.Model.Sampling;

/// <summary>Picks the next token of one answer: penalty, shape, temperature, min_p, top_k, top_p, draw, in vLLM's order.</summary>
/// <param name="sampling">Valid.</param>
/// <param name="prompt">Ids of the prompt's text: what the repetition penalty counts as said.</param>
/// <param name="constraint">Null: any token.</param>
internal sealed class TokenSampler(SamplingParams sampling, IReadOnlyList<int> prompt, ShapeConstraint? constraint) : ITokenPicker
{
    /// <summary>Below this the likeliest token is taken: dividing by less overflows, and draws nothing else anyway.</summary>
    private const double LowestTemperature = 1e-5;

    private readonly int[] _prompt = [.. prompt.Distinct()];

    public SamplingParams? Draw => constraint is null && sampling is { RepetitionPenalty: 1, Temperature: >= LowestTemperature } ? sampling : null;

    /// <exception cref="InvalidOperationException">No token may follow.</exception>
    public PickedToken Pick(Span<float> logits, IReadOnlyList<int> generated)
    {
        float[] raw = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            logits.CopyTo(raw);
            Penalize(logits, generated);
            constraint?.Apply(logits, generated, sampling.MaxTokens);
            int id = sampling.Temperature < LowestTemperature ? Likeliest(logits) : DrawFrom(logits, generated.Count);
            return new PickedToken(id, LogProbability(raw.AsSpan(0, logits.Length), id));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(raw);
        }
    }

    private void Penalize(Span<float> logits, IReadOnlyList<int> generated)
    {
        if (sampling.RepetitionPenalty == 1)
        {
            return;
        }

        float penalty = (float)sampling.RepetitionPenalty;
        foreach (int id in _prompt.Concat(generated).Distinct())
        {
            logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
        }
    }

    /// <summary>The lowest id among equals; NaN is no number to choose by.</summary>
    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = TensorPrimitives.IndexOfMax(logits);
        if (float.IsNaN(logits[best]))
        {
            best = 0;
            for (int i = 1; i < logits.Length; i++)
            {
                best = logits[i] > logits[best] || (float.IsNaN(logits[best]) && !float.IsNaN(logits[i])) ? i : best;
            }
        }

        return logits[best] > float.NegativeInfinity ? best : throw new InvalidOperationException("No token may follow: all logits are NaN or −∞.");
    }

    private int DrawFrom(Span<float> logits, int position)
    {
        int likeliest = Likeliest(logits);
        TensorPrimitives.Subtract(logits, logits[likeliest], logits);
        TensorPrimitives.Divide(logits, (float)sampling.Temperature, logits);
        logits[likeliest] = 0; // of +∞ too
        return TokenDraw.From(logits, sampling, SeededUniform.At(sampling.Seed, position));
    }

    private static float LogProbability(Span<float> logits, int id)
    {
        float top = TensorPrimitives.Max(logits), own = logits[id];
        if (float.IsNaN(top))
        {
            return float.NaN;
        }

        TensorPrimitives.Subtract(logits, top, logits);
        TensorPrimitives.Exp(logits, logits);
        return (float)(own - top - Math.Log(TensorPrimitives.Sum(logits)));
    }
}
