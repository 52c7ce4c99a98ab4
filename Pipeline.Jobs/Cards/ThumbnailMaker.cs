namespace Pipeline.Jobs.Cards;

/// <summary>A small JPEG of an image file, or null if it can't be decoded.</summary>
public delegate Task<byte[]?> ThumbnailMaker(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken);
