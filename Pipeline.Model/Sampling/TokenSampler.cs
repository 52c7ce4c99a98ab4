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

    /// <exception cref="InvalidOperationException">No token may follow.</exception>
    public PickedToken Pick(Span<float> logits, IReadOnlyList<int> generated)
    {
        float[] raw = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            logits.CopyTo(raw);
            Penalize(logits, generated);
            constraint?.Apply(logits, generated, sampling.MaxTokens);
            int id = sampling.Temperature < LowestTemperature ? Likeliest(logits) : Draw(logits, generated.Count);
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
        int best = -1;
        for (int i = 0; i < logits.Length; i++)
        {
            if (logits[i] > (best < 0 ? float.NegativeInfinity : logits[best]))
            {
                best = i;
            }
        }

        return best >= 0 ? best : throw new InvalidOperationException("No token may follow: all logits are NaN or −∞.");
    }

    private int Draw(Span<float> logits, int position)
    {
        int likeliest = Likeliest(logits);
        float top = logits[likeliest];
        double temperature = sampling.Temperature;
        float lowest = sampling.MinP > 0 ? (float)(top + (temperature * Math.Log(sampling.MinP))) : float.NegativeInfinity; // p ≥ min_p · p of the likeliest
        List<(int Id, double Weight)> candidates = [];
        for (int i = 0; i < logits.Length; i++)
        {
            double weight = Math.Exp((logits[i] - top) / temperature);
            if ((logits[i] >= lowest && weight > 0) || i == likeliest)
            {
                candidates.Add((i, weight));
            }
        }

        if (sampling.TopK > 0 || sampling.TopP < 1)
        {
            candidates.Sort((a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Id.CompareTo(b.Id));
            Cut(candidates);
        }

        double drawn = SeededUniform.At(sampling.Seed, position) * candidates.Sum(candidate => candidate.Weight);
        foreach ((int id, double weight) in candidates)
        {
            drawn -= weight;
            if (drawn < 0)
            {
                return id;
            }
        }

        return candidates[^1].Id; // what rounding left over
    }

    /// <summary>The likeliest top_k, and of those the fewest that reach top_p of their sum.</summary>
    private void Cut(List<(int Id, double Weight)> sorted)
    {
        if (sampling.TopK > 0 && sorted.Count > sampling.TopK)
        {
            sorted.RemoveRange(sampling.TopK, sorted.Count - sampling.TopK);
        }

        double enough = sampling.TopP * sorted.Sum(candidate => candidate.Weight), sum = 0;
        int kept = 0;
        while (kept < sorted.Count && (kept == 0 || sum < enough))
        {
            sum += sorted[kept++].Weight;
        }

        sorted.RemoveRange(kept, sorted.Count - kept);
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
