using System.Globalization;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>Sampling and quality ask for what the engine can do.</summary>
internal static class SamplingValidator
{
    private const int MostStops = 16;
    private const int MostRetries = 5;

    public static IEnumerable<SpecFault> Validate(JobSpec spec)
    {
        if (spec.Quality is { MaxRetries: < 0 or > MostRetries } quality)
        {
            yield return new("/quality/max_retries", $"{quality.MaxRetries} is out of range: use 0 to {MostRetries}.");
        }

        if (spec.Sampling is { } sampling)
        {
            foreach (var fault in Validate(sampling))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<SpecFault> Validate(SamplingSpec sampling)
    {
        if (sampling.Temperature is not (>= 0 and <= 2))
        {
            yield return OutOfRange("temperature", sampling.Temperature, "0 (the likeliest token always) to 2");
        }

        if (sampling.TopP is not (> 0 and <= 1))
        {
            yield return OutOfRange("top_p", sampling.TopP, "more than 0 and at most 1 (all tokens)");
        }

        if (sampling.TopK < 0)
        {
            yield return OutOfRange("top_k", sampling.TopK, "at least 1, or 0 for all tokens");
        }

        if (sampling.MinP is not (>= 0 and <= 1))
        {
            yield return OutOfRange("min_p", sampling.MinP, "0 (all tokens) to 1");
        }

        if (!(sampling.RepetitionPenalty > 0) || double.IsInfinity(sampling.RepetitionPenalty))
        {
            yield return OutOfRange("repetition_penalty", sampling.RepetitionPenalty, "a number above 0; 1 is no penalty");
        }

        if (sampling.Stop.Count > MostStops)
        {
            yield return new("/sampling/stop", $"There are {sampling.Stop.Count} stop texts: give at most {MostStops}.");
        }

        foreach (var (index, _) in sampling.Stop.Index().Where(stop => stop.Item.Length == 0))
        {
            yield return new($"/sampling/stop/{index}", "The stop text is empty: write one, or leave it out.");
        }
    }

    private static SpecFault OutOfRange(string member, double value, string range) =>
        new($"/sampling/{member}", string.Create(CultureInfo.InvariantCulture, $"{value} is out of range: use {range}."));
}
