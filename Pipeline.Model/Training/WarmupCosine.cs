namespace Pipeline.Model.Training;

/// <summary>Learning rate over a phase of training: a straight rise, then half a cosine down.</summary>
/// <param name="Warmup">Share of the phase that rises. 0 to 1.</param>
/// <param name="Floor">Last rate, as a share of the highest. 0 to 1.</param>
internal sealed record WarmupCosine(double Warmup, double Floor)
{
    /// <param name="progress">0 at the start of the phase, 1 at its end.</param>
    /// <returns>Share of the highest rate.</returns>
    public double At(double progress)
    {
        if (progress < Warmup)
        {
            return progress / Warmup;
        }

        double falling = Math.Clamp((progress - Warmup) / Math.Max(1 - Warmup, 1e-9), 0, 1);
        return Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * falling)));
    }
}
