using System.Buffers;
using System.Numerics.Tensors;

namespace Pipeline.Model.Sampling;

/// <summary>Draws a token by its probability, from those that min_p, top_k and top_p leave.</summary>
/// <remarks>Tokens are compared by logit, never by exponential: what is equal stays equal, whatever a vectorised exponential rounds.</remarks>
internal static class TokenDraw
{
    /// <summary>Below, a token's share is no normal 32-bit number beside the likeliest.</summary>
    private const float Least = -87;

    /// <param name="scaled"><c>[vocabulary]</c>: logits divided by the temperature, less the greatest, which is so 0; NaN for none.</param>
    /// <param name="sampling">Says which may be drawn.</param>
    /// <param name="uniform">0 ≤ x &lt; 1</param>
    /// <returns>Its id.</returns>
    public static int From(ReadOnlySpan<float> scaled, SamplingParams sampling, double uniform)
    {
        float lowest = Math.Max(Least, (float)Math.Log(sampling.MinP));
        if (sampling.TopK > 0)
        {
            List<Token> likeliest = Sorted(scaled, lowest, sampling.TopK, double.PositiveInfinity);
            likeliest.RemoveRange(Math.Min(likeliest.Count, sampling.TopK), Math.Max(0, likeliest.Count - sampling.TopK));
            return FromNucleus(likeliest, sampling.TopP * likeliest.Sum(token => token.Weight), uniform);
        }

        float[] weights = ArrayPool<float>.Shared.Rent(scaled.Length);
        TensorPrimitives.Exp(scaled, weights);
        double sum = SumOf(scaled, weights, lowest);
        int drawn = sampling.TopP < 1
            ? FromNucleus(Sorted(scaled, lowest, int.MaxValue, sampling.TopP * sum), sampling.TopP * sum, uniform)
            : FromAll(scaled, weights, lowest, uniform * sum);
        ArrayPool<float>.Shared.Return(weights);
        return drawn;
    }

    private static int FromAll(ReadOnlySpan<float> scaled, ReadOnlySpan<float> weights, float lowest, double drawn)
    {
        int last = -1;
        for (int id = 0; id < scaled.Length && drawn >= 0; id++)
        {
            if (scaled[id] >= lowest)
            {
                last = id;
                drawn -= weights[id];
            }
        }

        return last; // what rounding left over falls to the last
    }

    /// <summary>From the fewest that have enough weight together.</summary>
    /// <param name="sorted">The likeliest first.</param>
    /// <param name="enough">A sum of weights.</param>
    /// <param name="uniform">0 ≤ x &lt; 1</param>
    private static int FromNucleus(List<Token> sorted, double enough, double uniform)
    {
        double sum = 0;
        int kept = 0;
        while (kept < sorted.Count && (kept == 0 || sum < enough))
        {
            sum += sorted[kept++].Weight;
        }

        double drawn = uniform * sum;
        for (int i = 0; i < kept - 1; i++)
        {
            drawn -= sorted[i].Weight;
            if (drawn < 0)
            {
                return sorted[i].Id;
            }
        }

        return sorted[kept - 1].Id;
    }

    /// <summary>The likeliest tokens, at least as many or as much weight as asked for, if there are: few of a vocabulary are worth sorting.</summary>
    /// <returns>The likeliest first; of equals, the lowest id.</returns>
    private static List<Token> Sorted(ReadOnlySpan<float> scaled, float lowest, int most, double enough)
    {
        List<Token> found = [];
        for (float above = -1; ; above *= 2)
        {
            found.Clear();
            double sum = 0;
            float least = Math.Max(above, lowest);
            for (int id = 0; id < scaled.Length; id++)
            {
                if (scaled[id] >= least)
                {
                    var token = new Token(id, scaled[id], Math.Exp(scaled[id]));
                    found.Add(token);
                    sum += token.Weight;
                }
            }

            if (found.Count >= most || sum >= enough || above <= lowest)
            {
                found.Sort((a, b) => a.Scaled != b.Scaled ? b.Scaled.CompareTo(a.Scaled) : a.Id.CompareTo(b.Id));
                return found;
            }
        }
    }

    /// <summary>In one order on every machine.</summary>
    private static double SumOf(ReadOnlySpan<float> scaled, ReadOnlySpan<float> weights, float lowest)
    {
        double sum = 0;
        for (int id = 0; id < scaled.Length; id++)
        {
            sum += scaled[id] >= lowest ? weights[id] : 0;
        }

        return sum;
    }

    /// <param name="Id">In the vocabulary.</param>
    /// <param name="Scaled">See <see cref="From"/>.</param>
    /// <param name="Weight">How many times as likely as the likeliest.</param>
    private readonly record struct Token(int Id, float Scaled, double Weight);
}
