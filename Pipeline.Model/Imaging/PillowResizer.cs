using System.Buffers;

namespace Pipeline.Model.Imaging;

/// <summary>Size of a stretched image, and of the cells it is stored in: row-major, each <c>[CellHeight, CellWidth, 3]</c>.</summary>
/// <remarks>The cells must fill the image. One cell of the image's own size is the ordinary layout.</remarks>
internal readonly record struct ResizeTarget(int Width, int Height, int CellWidth, int CellHeight)
{
    public int Columns => Width / CellWidth;

    public int RowBytes => Width * 3;

    public int CellRowBytes => CellWidth * 3;

    /// <summary>Where the part of row <paramref name="y"/> that lies in <paramref name="column"/> begins.</summary>
    public int Offset(int y, int column)
    {
        var cell = (y / CellHeight * Columns) + column;
        return ((cell * CellHeight) + (y % CellHeight)) * CellRowBytes;
    }
}

/// <summary>Pillow's <c>Image.resize(size)</c> of 8-bit RGB, bit for bit: bicubic, smoothed when shrinking.</summary>
/// <remarks>
/// Horizontal pass first, rounded to bytes, then vertical; a pass along which the size stays is left out. The rows between the
/// passes live in a ring just large enough for one output row, so they stay in the first-level cache.
/// </remarks>
internal static class PillowResizer
{
    /// <param name="source">uint8 RGB, <c>[height, width, 3]</c>.</param>
    /// <param name="width">Of the source.</param>
    /// <param name="height">Of the source.</param>
    /// <param name="target">Size and layout of the output.</param>
    /// <param name="output">Takes the stretched image.</param>
    public static void Resize(ReadOnlySpan<byte> source, int width, int height, ResizeTarget target, Span<byte> output)
    {
        if (target.Height == height)
        {
            using var rows = new RowSource(source, width, height, target.Width, window: 1);
            for (var y = 0; y < height; y++)
            {
                Scatter(rows.Row(y), target, y, output);
            }
        }
        else
        {
            Blend(source, width, height, target, output);
        }
    }

    private static void Scatter(ReadOnlySpan<byte> row, ResizeTarget target, int y, Span<byte> output)
    {
        for (var column = 0; column < target.Columns; column++)
        {
            row.Slice(column * target.CellRowBytes, target.CellRowBytes).CopyTo(output[target.Offset(y, column)..]);
        }
    }

    private static void Blend(ReadOnlySpan<byte> source, int width, int height, ResizeTarget target, Span<byte> output)
    {
        var weights = new ResizeWeights(height, target.Height);
        using var rows = new RowSource(source, width, height, target.Width, weights.MaxCount);
        using var pass = new VerticalPass(weights.MaxCount);
        var pooled = ArrayPool<int>.Shared.Rent(weights.MaxCount);
        for (var y = 0; y < target.Height; y++)
        {
            var rowWeights = weights.Of(y);
            var offsets = pooled.AsSpan(0, rowWeights.Length);
            rows.Offsets(weights.First(y), offsets);
            pass.Use(rowWeights);
            for (var column = 0; column < target.Columns; column++)
            {
                var part = output.Slice(target.Offset(y, column), target.CellRowBytes);
                pass.Run(rows.Memory[(column * target.CellRowBytes)..], offsets, part);
            }
        }

        ArrayPool<int>.Shared.Return(pooled);
    }
}
