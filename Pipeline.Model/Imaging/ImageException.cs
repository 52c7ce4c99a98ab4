namespace Pipeline.Model.Imaging;

/// <summary>Why an image can't be decoded.</summary>
public enum ImageFault
{
    /// <summary>No bytes.</summary>
    Empty,

    /// <summary>Not of any format known here.</summary>
    NotAnImage,

    /// <summary>Breaks off before its end.</summary>
    Truncated,

    /// <summary>Known format, damaged content.</summary>
    Corrupt,

    /// <summary>More pixels than <see cref="ImageLimits"/> allow; not decoded.</summary>
    TooLarge,

    /// <summary>More memory than a decoder may take.</summary>
    TooMuchMemory,

    /// <summary>More time than a decoder may take.</summary>
    TooSlow,

    /// <summary>Killed the process that decoded it.</summary>
    DecoderCrashed,
}

/// <summary>An image can't be decoded; the message is a sentence for the person who owns the image.</summary>
public sealed class ImageException(ImageFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public ImageFault Fault { get; } = fault;
}

/// <summary>What is refused before decoding.</summary>
public sealed record ImageLimits
{
    /// <summary>Most pixels, width × height. Default 178,956,970: where Pillow warns of a decompression bomb, doubled, it refuses.</summary>
    public long MaxPixels { get; init; } = 178_956_970;

    /// <summary>Longest side in pixels. Default 1,000,000: the resize filter's weights take memory in proportion to it.</summary>
    public int MaxSide { get; init; } = 1_000_000;
}
