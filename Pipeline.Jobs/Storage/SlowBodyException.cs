namespace Pipeline.Jobs.Storage;

/// <summary>A download came too slowly, and its connection was given up.</summary>
/// <param name="position">Bytes that had come.</param>
/// <param name="length">Of the whole.</param>
/// <param name="isLast">Whether other connections were as slow before.</param>
internal sealed class SlowBodyException(long position, long length, bool isLast)
    : IOException($"{position} of {length} bytes came, and then fewer than S3:MinimumBytesPerSecond")
{
    /// <summary>True if another connection is not worth a try now.</summary>
    public bool IsLast => isLast;
}
