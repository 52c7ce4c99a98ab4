using Pipeline.Jobs.Statistics;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Rows;

/// <summary>A finished local file of rows, ready to be committed.</summary>
public sealed record ShardFile
{
    public required string Path { get; init; }
    public required int Rows { get; init; }
    public required int FailedRows { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Of its rows.</summary>
    public required DatasetStatistics Statistics { get; init; }

    /// <summary>Of the file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of the file.</summary>
    public required ContentTags Tags { get; init; }
}
