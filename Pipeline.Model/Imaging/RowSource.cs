using System.Buffers;

namespace Pipeline.Model.Imaging;

/// <summary>Rows of the source at the output's width: its own where the width stays, else stretched when first asked for.</summary>
/// <remarks>Rows must be asked for in rising order; the last <c>window</c> of them stay valid.</remarks>
internal ref struct RowSource : IDisposable
{
    private readonly ReadOnlySpan<byte> _source;
    private readonly int _width;
    private readonly int _height;
    private readonly HorizontalPass? _pass;
    private readonly int _outputBytes;
    private readonly int _stride;
    private readonly int _slots;
    private readonly int _scratchStride;
    private byte[]? _ring;
    private byte[]? _scratch;
    private int _done;

    public RowSource(ReadOnlySpan<byte> source, int width, int height, int outputWidth, int window)
    {
        _source = source;
        (_width, _height) = (width, height);
        _outputBytes = outputWidth * 3;
        _stride = _outputBytes;
        if (outputWidth == width)
        {
            return;
        }

        _pass = new HorizontalPass(width, outputWidth);
        _stride = _outputBytes + HorizontalPass.Slack;
        // Rows are made two at a time, so one may be ahead of the window.
        _slots = window + 1;
        _ring = ArrayPool<byte>.Shared.Rent(checked(_slots * _stride));
        _scratchStride = (width * 3) + _pass.SourceSlack;
        _scratch = ArrayPool<byte>.Shared.Rent(2 * _scratchStride);
    }

    /// <summary>Holds the rows that <see cref="Offsets"/> names.</summary>
    public readonly ReadOnlySpan<byte> Memory => _ring is null ? _source : _ring;

    /// <summary>One row.</summary>
    public ReadOnlySpan<byte> Row(int row)
    {
        Span<int> offset = stackalloc int[1];
        Offsets(row, offset);
        return Memory.Slice(offset[0], _outputBytes);
    }

    /// <summary>Makes rows from <paramref name="first"/> on, as many as <paramref name="offsets"/> takes; says where they begin.</summary>
    public void Offsets(int first, scoped Span<int> offsets)
    {
        Make(first, first + offsets.Length);
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = Offset(first + i);
        }
    }

    public void Dispose()
    {
        if (_ring is not null)
        {
            ArrayPool<byte>.Shared.Return(_ring);
            ArrayPool<byte>.Shared.Return(_scratch!);
            (_ring, _scratch) = (null, null);
        }
    }

    private readonly int Offset(int row) => (_pass is null ? row : row % _slots) * _stride;

    private void Make(int first, int end)
    {
        if (_pass is null)
        {
            return;
        }

        for (_done = Math.Max(_done, first); _done < end; _done += 2)
        {
            var next = Math.Min(_done + 1, _height - 1);
            _pass.Run(Padded(_done, 0), Padded(next, 1), Slot(_done), Slot(next));
        }
    }

    // Copied, so that reading beyond a row's end is harmless.
    private readonly Span<byte> Padded(int row, int place)
    {
        var copy = _scratch.AsSpan(place * _scratchStride, _scratchStride);
        _source.Slice(row * _width * 3, _width * 3).CopyTo(copy);
        return copy;
    }

    private readonly Span<byte> Slot(int row) => _ring.AsSpan(Offset(row), _stride);
}
