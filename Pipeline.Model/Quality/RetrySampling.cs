using Pipeline.Model.Sampling;

namespace Pipeline.Model.Quality;

/// <summary>How an answer that was turned down is written again: further from greedy each time.</summary>
internal static class RetrySampling
{
    /// <summary>Added to the temperature a retry, up to <see cref="HighestTemperature"/>.</summary>
    private const double TemperatureStep = 0.3;

    private const double HighestTemperature = 1.2;

    /// <summary>Least penalty of repeating: what keeps a loop from coming back.</summary>
    private const double RepetitionPenalty = 1.15;

    /// <summary>Unlikely tokens stay out while the temperature rises.</summary>
    private const double TopP = 0.9;

    /// <param name="original">As asked for.</param>
    /// <param name="retry">1 for the first.</param>
    /// <returns>With the same most tokens, and a seed that depends on the original's and <paramref name="retry"/> alone.</returns>
    public static SamplingParams For(SamplingParams original, int retry) => original with
    {
        Temperature = Math.Min(Math.Max(original.Temperature, HighestTemperature), original.Temperature + (TemperatureStep * retry)),
        TopP = Math.Min(original.TopP, TopP),
        RepetitionPenalty = Math.Max(original.RepetitionPenalty, RepetitionPenalty),
        Seed = unchecked(original.Seed + (retry * 0x5DEECE66DL)),
    };
}
