namespace Scenes;

/// <summary>Which seeds are for what: ranges without a common seed, so that nothing held out is ever trained on.</summary>
public static class SceneSeeds
{
    /// <summary>Seeds of each range; as many scenes as there can be of one purpose.</summary>
    public const long RangeLength = 1L << 40;

    private const long FirstTraining = 0;
    private const long FirstValidation = FirstTraining + RangeLength;
    private const long FirstHeldOut = FirstValidation + RangeLength;
    private const long ScenesPerDraw = 1L << 24;

    /// <summary>For the weights.</summary>
    public static long Training(long index) => At(FirstTraining, index);

    /// <summary>For choosing among recipes and for stopping.</summary>
    public static long Validation(long index) => At(FirstValidation, index);

    /// <summary>For the figures that are reported. Never tune on these.</summary>
    /// <param name="draw">Which set of held-out scenes: 0 to 65,535.</param>
    /// <param name="index">Scene of the set: 0 to 2²⁴ − 1.</param>
    public static long HeldOut(int draw, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(draw);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ScenesPerDraw);
        return At(FirstHeldOut, (draw * ScenesPerDraw) + index);
    }

    private static long At(long first, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, RangeLength);
        return first + index;
    }
}
