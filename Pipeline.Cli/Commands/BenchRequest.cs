using Pipeline.Model.Benchmarking;

namespace Pipeline.Cli.Commands;

/// <summary>What a person wants measured, and where the results go.</summary>
internal sealed record BenchRequest
{
    public required EngineBenchmarkSettings Settings { get; init; }

    /// <summary>For the page, so that a reader can repeat it.</summary>
    public required string CommandLine { get; init; }

    /// <summary>File, or null.</summary>
    public required string? Markdown { get; init; }

    /// <summary>File, or null.</summary>
    public required string? Json { get; init; }
}
