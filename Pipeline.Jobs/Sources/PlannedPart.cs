namespace Pipeline.Jobs.Sources;

/// <summary>Where an image lies inside another file. Either a row of a Parquet file, or a range of bytes of a tar file.</summary>
/// <param name="File">URI of the file; it must still be of the ETag that was planned.</param>
/// <param name="Column">Column that holds the image; null for a range.</param>
/// <param name="Group">0-based row group.</param>
/// <param name="Row">0-based row in the group.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
public sealed record PlannedPart(string File, string? Column, int Group, int Row, long Offset, long Length);
