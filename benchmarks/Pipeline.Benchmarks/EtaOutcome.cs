using Pipeline.Jobs.State;

namespace Pipeline.Benchmarks;

/// <summary>What was shown of one run at half-way, against what came.</summary>
/// <param name="Error">Of the time left, as a share of the time that it took.</param>
/// <param name="IsInRange">Whether the end came within the range that was shown.</param>
/// <param name="Width">Of the range, as a share of the time left.</param>
internal readonly record struct EtaOutcome(double Error, bool IsInRange, double Width)
{
    /// <summary>Null where no time left was shown, or none with a range.</summary>
    public static EtaOutcome? Of((JobView Shown, double Took) look) => Of(look.Shown.EtaSeconds, look.Shown.EtaSecondsLow, look.Shown.EtaSecondsHigh, look.Took);

    /// <inheritdoc cref="Of(ValueTuple{JobView, double})"/>
    public static EtaOutcome? Of(double? eta, double? low, double? high, double took) => eta is { } left && low is { } from && high is { } to
        ? new(Math.Abs(left - took) / took, from <= took && took <= to, (to - from) / left)
        : null;

    /// <summary>Half of the errors are below it.</summary>
    public static double MedianError(IReadOnlyCollection<EtaOutcome> outcomes) => ErrorAt(outcomes, 0.5);

    /// <summary>Such a share of the errors is below it.</summary>
    public static double ErrorAt(IReadOnlyCollection<EtaOutcome> outcomes, double share) => outcomes.Select(outcome => outcome.Error).Order().ElementAt((int)(outcomes.Count * share));

    public static double ShareInRange(IReadOnlyCollection<EtaOutcome> outcomes) => (double)outcomes.Count(outcome => outcome.IsInRange) / outcomes.Count;
}
