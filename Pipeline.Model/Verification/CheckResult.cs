namespace Pipeline.Model.Verification;

/// <summary>Outcome of one comparison with the reference.</summary>
/// <param name="Case">What was looked at, for example <c>v2/square</c>.</param>
/// <param name="Check">What was compared.</param>
/// <param name="Verdict">Whether it holds.</param>
/// <param name="Error">Largest absolute difference; null where the comparison is exact or by relation.</param>
/// <param name="Tolerance">Largest difference that passes; 0 where it must be exact.</param>
/// <param name="Note">Why it failed or was skipped.</param>
public sealed record CheckResult(string Case, string Check, Verdict Verdict, double? Error, double Tolerance, string? Note = null);

/// <summary>Whether a check holds.</summary>
public enum Verdict
{
    Passed,
    Failed,

    /// <summary>Not looked at; the note says why.</summary>
    Skipped,
}
