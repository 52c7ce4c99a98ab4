namespace Scenes.Drawing;

/// <summary>Where a horizontal line at <paramref name="y"/> goes in and out of a shape: ascending, an even number.</summary>
/// <param name="y">Pixels from the top.</param>
/// <param name="crossings">Taken from its start; in pixels from the left.</param>
/// <returns>Number of crossings.</returns>
internal delegate int Outline(double y, Span<double> crossings);

/// <summary>An RGB image that shapes are filled into, antialiased: exact along a line, by quarters of a row across.</summary>
internal sealed class Canvas(int width, int height)
{
    private const int LinesPerRow = 4;
    private const int MostCrossings = 16;

    private readonly float[] _coverage = new float[width];

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary><c>[height, width, 3]</c></summary>
    public byte[] Rgb { get; } = new byte[width * height * 3];

    public void FillRow(int y, Rgb colour)
    {
        var row = Rgb.AsSpan(y * Width * 3, Width * 3);
        for (var x = 0; x < row.Length; x += 3)
        {
            row[x] = colour.R;
            row[x + 1] = colour.G;
            row[x + 2] = colour.B;
        }
    }

    /// <summary>Fills a rectangle with edges between pixels.</summary>
    public void Fill(double left, double top, double right, double bottom, Rgb colour) => Fill(top, bottom, colour, (y, crossings) =>
    {
        crossings[0] = left;
        crossings[1] = right;
        return y >= top && y < bottom ? 2 : 0;
    });

    public void Fill(double top, double bottom, Rgb colour, Outline outline)
    {
        Span<double> crossings = stackalloc double[MostCrossings];
        for (var row = Math.Max(0, (int)top); row < Math.Min(Height, bottom); row++)
        {
            var (first, last) = (Width, 0);
            for (var line = 0; line < LinesPerRow; line++)
            {
                var count = outline(row + ((line + 0.5) / LinesPerRow), crossings);
                for (var i = 0; i < count; i += 2)
                {
                    Cover(Math.Clamp(crossings[i], 0, Width), Math.Clamp(crossings[i + 1], 0, Width), ref first, ref last);
                }
            }

            Blend(row, first, last, colour);
        }
    }

    private void Cover(double from, double to, ref int first, ref int last)
    {
        if (to <= from)
        {
            return;
        }

        const float Line = 1f / LinesPerRow;
        int left = (int)from, right = Math.Min((int)to, Width - 1);
        (first, last) = (Math.Min(first, left), Math.Max(last, right + 1));
        if (left == right)
        {
            _coverage[left] += (float)(to - from) * Line;
            return;
        }

        _coverage[left] += (float)(left + 1 - from) * Line;
        for (var x = left + 1; x < right; x++)
        {
            _coverage[x] += Line;
        }

        _coverage[right] += (float)(to - right) * Line;
    }

    private void Blend(int row, int first, int last, Rgb colour)
    {
        for (var x = first; x < last; x++)
        {
            var share = Math.Min(_coverage[x], 1f);
            _coverage[x] = 0;
            var pixel = Rgb.AsSpan(((row * Width) + x) * 3, 3);
            pixel[0] = Mix(pixel[0], colour.R, share);
            pixel[1] = Mix(pixel[1], colour.G, share);
            pixel[2] = Mix(pixel[2], colour.B, share);
        }
    }

    private static byte Mix(byte under, byte over, float share) => (byte)(under + ((over - under) * share) + 0.5f);
}

/// <summary>A colour.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B);
