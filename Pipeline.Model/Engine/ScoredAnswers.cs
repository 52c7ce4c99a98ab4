namespace Pipeline.Model.Engine;

/// <summary>From the choices' log-likelihoods to an answer.</summary>
/// <remarks>
/// A choice's log-likelihood is the sum over its tokens and the end of turn. No part is divided by its length: the sum is the logarithm
/// of the probability that the model answers exactly that, so the softmax is the probability of each choice given that the answer is
/// one of them. The end of turn is what keeps "a cat" from being favoured over "a cat on a mat" for being its beginning.
/// </remarks>
internal static class ScoredAnswers
{
    public static ScoredAnswer Of(double[] logLikelihoods, int promptTokens)
    {
        double[] probabilities = Softmax(logLikelihoods);
        return new ScoredAnswer(probabilities.IndexOf(probabilities.Max()), logLikelihoods, probabilities, promptTokens);
    }

    private static double[] Softmax(double[] values)
    {
        double top = values.Max();
        double[] exponentials = [.. values.Select(value => Math.Exp(value - top))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }
}
