namespace Pipeline.Jobs.Cards;

/// <summary>A small JPEG of an image file, or null if it can't be decoded.</summary>
public delegate byte[]? ThumbnailMaker(ReadOnlyMemory<byte> encoded);
