namespace Scenes.Layout;

/// <summary>Size of the image, and the grid of places that suits its aspect ratio.</summary>
internal readonly record struct ImageFormat(int Width, int Height, int Columns, int Rows)
{
    private const double LargeShare = 0.2;

    /// <summary>Fewest pixels of a cell's sides.</summary>
    public double CellSide => Math.Min((double)Width / Columns, (double)Height / Rows);

    public double Side => Math.Sqrt((double)Width * Height);

    public static ImageFormat Draw(SceneRandom random, SceneOptions options)
    {
        var side = options.CropSize * (random.Chance(LargeShare) ? random.Between(8.0, 14.0) : random.Between(5.0, 8.0));
        var (ratio, columns, rows) = random.Between(0.0, 1.0) switch
        {
            var share when share < options.VeryWideShare => (random.Between(2.4, 4.0), 3, 1),
            var share when share < options.VeryWideShare + options.WideShare => (random.Between(1.45, 2.2), 3, 2),
            _ => (random.Between(1.0, 1.35), 3, 3),
        };
        var (longer, shorter) = ((int)(side * Math.Sqrt(ratio)), (int)(side / Math.Sqrt(ratio)));
        return random.Chance(0.5) ? new ImageFormat(longer, shorter, columns, rows) : new ImageFormat(shorter, longer, rows, columns);
    }
}
