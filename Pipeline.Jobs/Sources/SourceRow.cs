namespace Pipeline.Jobs.Sources;

/// <summary>One row of a manifest, of a Parquet file or one image of a tar file, as read and not yet judged.</summary>
internal sealed record SourceRow
{
    /// <summary>The file's key, for messages and for the id of a row that has none.</summary>
    public required string File { get; init; }

    /// <summary>Which one of the file: "line 17", "row 3", "0001.jpg".</summary>
    public required string Where { get; init; }

    /// <summary>What is wrong with the row, and the mend; null for one that can be used.</summary>
    public string? Fault { get; init; }

    /// <summary>Text of the columns, null where a value is missing.</summary>
    public IReadOnlyDictionary<string, string?> Columns { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where the image lies if the row's file holds it; null if a column names it.</summary>
    public PlannedPart? Part { get; init; }

    /// <summary>Id of a row that holds its image; null where the image's name is the id.</summary>
    public string? Id { get; init; }

    /// <summary>Length of the image, 0 where unknown.</summary>
    public long Bytes { get; init; }

    /// <summary>Version of the file that holds the image; empty if a column names the image.</summary>
    public string ETag { get; init; } = "";

    public string Name => $"{File}, {Where}";
}
