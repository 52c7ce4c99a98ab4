using System.Buffers;

namespace Pipeline.Model.Imaging;

/// <summary>A decoded image in memory borrowed from a pool; dispose it to give the memory back.</summary>
internal sealed class RgbImage : IDisposable
{
    private byte[]? _pixels;

    public RgbImage(ImageFacts facts)
    {
        Facts = facts;
        _pixels = ArrayPool<byte>.Shared.Rent(checked(facts.Width * facts.Height * 3));
    }

    public ImageFacts Facts { get; }

    /// <summary>uint8 RGB, <c>[height, width, 3]</c>.</summary>
    public Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return _pixels.AsSpan(0, Facts.Width * Facts.Height * 3);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }
}
