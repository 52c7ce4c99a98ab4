namespace Pipeline.Cli.Benchmarks;

/// <summary>What <c>bench load</c> does.</summary>
internal sealed record LoadSettings
{
    /// <summary>Free folder, in S3 or local, for images and datasets.</summary>
    public required string Folder { get; init; }

    /// <summary>Clients at a time, each with a key of its own; one in twenty never pauses but to wait as it is told.</summary>
    public required int Clients { get; init; }

    /// <summary>Images of each of the larger jobs.</summary>
    public required int Images { get; init; }

    /// <summary>How long they ask.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Mean pause of a client between an answer and its next request.</summary>
    public required TimeSpan Pause { get; init; }
}

/// <summary>One request and its answer.</summary>
/// <param name="Kind">What was asked for.</param>
/// <param name="Status">Of the answer; 0 if there was none.</param>
/// <param name="IsExpected">Whether that is what such a request is to get, or "too much at once".</param>
/// <param name="Milliseconds">Until the end of the answer; of events, until the first.</param>
internal readonly record struct LoadAnswer(string Kind, int Status, bool IsExpected, double Milliseconds);

/// <summary>All that was measured.</summary>
/// <param name="Answers">In no order.</param>
/// <param name="MemoryBytes">Of the API process, resident, every five seconds.</param>
/// <param name="Jobs">That were under way or submitted.</param>
/// <param name="Images">Of the datasets that came of them.</param>
/// <param name="Faults">Jobs that did not end as they should.</param>
internal sealed record LoadReport(IReadOnlyList<LoadAnswer> Answers, IReadOnlyList<long> MemoryBytes, int Jobs, long Images, IReadOnlyList<string> Faults);
