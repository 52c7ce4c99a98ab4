namespace Scenes.Drawing;

/// <summary>The shapes' outlines, each in a box.</summary>
internal static class Outlines
{
    // A five-pointed star around (0, 0), first tip up, clockwise: sines and cosines as constants, for library functions differ in the last digit.
    private const double Inner = 0.42;
    private static readonly (double X, double Y)[] s_star =
    [
        (0, -1), (0.587785 * Inner, -0.809017 * Inner), (0.951057, -0.309017), (0.951057 * Inner, 0.309017 * Inner), (0.587785, 0.809017),
        (0, Inner), (-0.587785, 0.809017), (-0.951057 * Inner, 0.309017 * Inner), (-0.951057, -0.309017), (-0.587785 * Inner, -0.809017 * Inner),
    ];

    private static readonly (double X, double Y)[] s_starInBox = [.. s_star.Select(point => (0.5 + (0.525 * point.X), 0.55 + (0.55 * point.Y)))];
    private static readonly (double X, double Y)[] s_triangleInBox = [(0.5, 0.03), (1, 0.95), (0, 0.95)];

    public static Outline Of(SceneShape shape, PixelBox box) => (y, crossings) =>
    {
        var count = Crossings(shape, (y - box.Top) / box.Height, crossings);
        for (var i = 0; i < count; i++)
        {
            crossings[i] = box.Left + (crossings[i] * box.Width);
        }

        return count;
    };

    // In a box of 1 × 1.
    private static int Crossings(SceneShape shape, double y, Span<double> crossings) => shape switch
    {
        SceneShape.Circle => Disc(y, 0.5, crossings),
        SceneShape.Square => Between(0.04, 0.96, 0.04, 0.96, y, crossings),
        SceneShape.Cross => y is > 0.33 and < 0.67 ? Between(0, 1, 0, 1, y, crossings) : Between(0.33, 0.67, 0, 1, y, crossings),
        SceneShape.Ring => Ring(y, crossings),
        SceneShape.Triangle => Polygon(s_triangleInBox, y, crossings),
        SceneShape.Star => Polygon(s_starInBox, y, crossings),
        _ => throw new InvalidOperationException($"{shape} has no outline."),
    };

    private static int Between(double left, double right, double top, double bottom, double y, Span<double> crossings)
    {
        (crossings[0], crossings[1]) = (left, right);
        return y >= top && y < bottom ? 2 : 0;
    }

    private static int Disc(double y, double radius, Span<double> crossings)
    {
        var square = (radius * radius) - ((y - 0.5) * (y - 0.5));
        if (square <= 0)
        {
            return 0;
        }

        var half = Math.Sqrt(square);
        (crossings[0], crossings[1]) = (0.5 - half, 0.5 + half);
        return 2;
    }

    private static int Ring(double y, Span<double> crossings)
    {
        const double Hole = 0.27;
        if (Disc(y, 0.5, crossings) == 0)
        {
            return 0;
        }

        var outer = crossings[1];
        if (Disc(y, Hole, crossings[1..]) == 0)
        {
            return 2;
        }

        crossings[3] = outer;
        return 4;
    }

    private static int Polygon((double X, double Y)[] points, double y, Span<double> crossings)
    {
        var count = 0;
        for (var i = 0; i < points.Length; i++)
        {
            var (from, to) = (points[i], points[(i + 1) % points.Length]);
            if (from.Y <= y != to.Y <= y)
            {
                crossings[count++] = from.X + ((y - from.Y) / (to.Y - from.Y) * (to.X - from.X));
            }
        }

        crossings[..count].Sort();
        return count;
    }
}
