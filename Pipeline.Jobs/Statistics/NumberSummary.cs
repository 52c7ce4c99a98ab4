namespace Pipeline.Jobs.Statistics;

/// <summary>Some numbers in a few.</summary>
/// <param name="Count">How many; the others are 0 where there are none.</param>
/// <param name="Sum">All together.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
public readonly record struct NumberSummary(long Count, double Sum, double Min, double Max)
{
    /// <summary>0 where there are no numbers.</summary>
    public double Mean() => Count == 0 ? 0 : Sum / Count;

    public NumberSummary With(double number) => With(new NumberSummary(1, number, number, number));

    public NumberSummary With(NumberSummary other) =>
        Count == 0 ? other
        : other.Count == 0 ? this
        : new NumberSummary(Count + other.Count, Sum + other.Sum, Math.Min(Min, other.Min), Math.Max(Max, other.Max));
}
