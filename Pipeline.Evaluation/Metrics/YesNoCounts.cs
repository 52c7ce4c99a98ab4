using Pipeline.Evaluation.Parsing;

namespace Pipeline.Evaluation.Metrics;

/// <summary>Yes-no answers against their truth, "yes" being the positive class, as POPE counts them.</summary>
public sealed record YesNoCounts
{
    public required int TruePositives { get; init; }
    public required int FalsePositives { get; init; }
    public required int TrueNegatives { get; init; }
    public required int FalseNegatives { get; init; }

    /// <summary>Answers that are neither; wrong.</summary>
    public required int Unparsed { get; init; }

    /// <summary>Unparsed answers where "yes" was right, that lower the recall.</summary>
    public required int MissedYes { get; init; }

    public int Count => TruePositives + FalsePositives + TrueNegatives + FalseNegatives + Unparsed;
    public double Accuracy => Share(TruePositives + TrueNegatives, Count);
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);
    public double Recall => Share(TruePositives, TruePositives + FalseNegatives + MissedYes);
    public double F1 => TruePositives == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
    public double YesRatio => Share(TruePositives + FalsePositives, Count);

    /// <param name="answers">What was right and what was read out of the answer: "yes", "no", or null for neither.</param>
    /// <param name="unparsedIsMissed">Whether an unparsed answer where "yes" was right counts as a missed one; if not, recall and F1 do not see it.</param>
    public static YesNoCounts Of(IEnumerable<(string Truth, string? Answer)> answers, bool unparsedIsMissed = true)
    {
        int truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0, unparsed = 0, missed = 0;
        foreach ((string truth, string? answer) in answers)
        {
            bool isYes = truth == YesNo.Yes;
            switch (answer)
            {
                case YesNo.Yes when isYes: truePositives++; break;
                case YesNo.Yes: falsePositives++; break;
                case YesNo.No when isYes: falseNegatives++; break;
                case YesNo.No: trueNegatives++; break;
                default:
                    unparsed++;
                    missed += isYes && unparsedIsMissed ? 1 : 0;
                    break;
            }
        }

        return new YesNoCounts
        {
            TruePositives = truePositives,
            FalsePositives = falsePositives,
            TrueNegatives = trueNegatives,
            FalseNegatives = falseNegatives,
            Unparsed = unparsed,
            MissedYes = missed,
        };
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
