using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;

namespace Scenes.Layout;

/// <summary>Size of the image, and the places that objects stand in: one in each of the model's four middle crops.</summary>
internal readonly record struct ImageFormat(int Width, int Height, int Columns, int Rows)
{
    private const double LargeShare = 0.2;

    /// <summary>Fewest pixels of a place's sides.</summary>
    public double CellSide => Math.Min((double)Width / Columns, (double)Height / Rows);

    public static ImageFormat Draw(SceneRandom random, SceneOptions options)
    {
        var side = options.CropSize * (random.Chance(LargeShare) ? random.Between(10.0, 20.0) : random.Between(5.0, 10.0));
        // Not about 2 : 1, where the model's cut into four changes.
        var ratio = random.Between(0.0, 1.0) switch
        {
            var share when share < options.VeryWideShare => random.Between(2.4, 4.0),
            var share when share < options.VeryWideShare + options.WideShare => random.Between(1.45, 1.9),
            _ => random.Between(1.0, 1.35),
        };
        var (longer, shorter) = ((int)(side * Math.Sqrt(ratio)), (int)(side / Math.Sqrt(ratio)));
        var (width, height) = random.Chance(0.5) ? (longer, shorter) : (shorter, longer);
        var middle = CropPlanner.Plan(DragonflyVersion.V2, width, height, options.CropSize)[1];
        return new ImageFormat(width, height, middle.Columns, middle.Rows);
    }
}
