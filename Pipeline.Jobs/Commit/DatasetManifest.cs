using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Statistics;

namespace Pipeline.Jobs.Commit;

/// <summary><c>manifest.json</c>: what a finished dataset consists of. Files that it does not name are not part of it.</summary>
public sealed record DatasetManifest
{
    public required string JobId { get; init; }
    public required string ModelRevision { get; init; }

    /// <summary>Of all files; as many as images were planned.</summary>
    public required long Rows { get; init; }

    /// <summary>Of <see cref="Rows"/>, those without annotation.</summary>
    public required long FailedRows { get; init; }

    /// <summary>Length of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the columns, as <see cref="DatasetSchema.Version"/>; 0 in manifests of before 0.2.0.</summary>
    public int SchemaVersion { get; init; }

    /// <summary>Of all rows; null in manifests of before 0.2.0, and where a shard was committed by an earlier version.</summary>
    public DatasetStatistics? Statistics { get; init; }

    /// <summary>In the order of their names.</summary>
    public required IReadOnlyList<DatasetFile> Files { get; init; }
}

/// <summary>One Parquet file of a dataset.</summary>
/// <param name="File">Key relative to the output.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="FailedRows">Of these, the ones without annotation.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record DatasetFile(string File, int Rows, int FailedRows, long Bytes, string Sha256);
