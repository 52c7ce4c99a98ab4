namespace Pipeline.Jobs.State;

/// <summary>What a finished dataset holds, as its manifest says.</summary>
/// <param name="Rows">Rows of all files, failures included.</param>
/// <param name="FailedRows">Of <paramref name="Rows"/>, those that carry a failure in place of an annotation.</param>
public sealed record JobOutcome(long Rows, long FailedRows);
