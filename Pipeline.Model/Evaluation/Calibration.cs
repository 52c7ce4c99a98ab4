namespace Pipeline.Model.Evaluation;

/// <summary>How well confidences say how often answers are right (Guo et al. 2017, "On Calibration of Modern Neural Networks").</summary>
public sealed record Calibration
{
    /// <summary>Bins of equal width; those that no answer fell into are there too, with a count of 0.</summary>
    public required IReadOnlyList<CalibrationBin> Bins { get; init; }

    /// <summary>Expected calibration error: |accuracy − mean confidence| of each bin, weighted by its answers. 0 to 1; 0 where there are no answers.</summary>
    public required double ExpectedError { get; init; }

    /// <summary>Answers counted.</summary>
    public int Count => Bins.Sum(bin => bin.Count);

    /// <param name="answers">Confidence, 0 to 1, and whether the answer was right.</param>
    /// <param name="bins">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A confidence is no probability.</exception>
    public static Calibration Of(IReadOnlyCollection<(double Confidence, bool IsRight)> answers, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (answers.Any(answer => !(answer.Confidence is >= 0 and <= 1 + 1e-9)))
        {
            throw new ArgumentOutOfRangeException(nameof(answers), answers.First(answer => !(answer.Confidence is >= 0 and <= 1 + 1e-9)).Confidence, "A confidence must be 0 to 1.");
        }

        ILookup<int, (double Confidence, bool IsRight)> binned = answers.ToLookup(answer => Math.Min((int)(answer.Confidence * bins), bins - 1));
        List<CalibrationBin> made = [.. Enumerable.Range(0, bins).Select(index => CalibrationBin.Of((double)index / bins, (index + 1.0) / bins, [.. binned[index]]))];
        return new Calibration
        {
            Bins = made,
            ExpectedError = answers.Count == 0 ? 0 : made.Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.MeanConfidence)) / answers.Count,
        };
    }
}

/// <summary>Answers whose confidence lies in a range.</summary>
/// <param name="From">Included.</param>
/// <param name="To">Not included, but for the last bin's 1.</param>
/// <param name="Count">Answers in it.</param>
/// <param name="MeanConfidence">Of them; 0 where there are none.</param>
/// <param name="Accuracy">Share of them that is right; 0 where there are none.</param>
public sealed record CalibrationBin(double From, double To, int Count, double MeanConfidence, double Accuracy)
{
    internal static CalibrationBin Of(double from, double to, IReadOnlyList<(double Confidence, bool IsRight)> answers) => answers.Count == 0
        ? new CalibrationBin(from, to, 0, 0, 0)
        : new CalibrationBin(from, to, answers.Count, answers.Average(answer => answer.Confidence), answers.Average(answer => answer.IsRight ? 1.0 : 0.0));
}
