using Pipeline.Model.Configuration;

namespace Pipeline.Model.Imaging;

/// <summary>A whole image in one resolution of its crops: enough for a small picture, and a fraction of their memory.</summary>
/// <param name="Rgb">uint8 RGB, <c>[height, width, 3]</c>, stretched as the model sees it.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Image">The image as it was decoded.</param>
public sealed record ImageOverview(byte[] Rgb, int Width, int Height, ImageFacts Image)
{
    private static readonly DragonflyVersion[] s_versions = [DragonflyVersion.V1, DragonflyVersion.V2];

    /// <summary>A copy of the least resolution whose longer side has so many pixels, or of the highest that there is.</summary>
    public static ImageOverview Of(ImageCrops crops, int side)
    {
        var (before, grid) = Choose(crops, side);
        var row = crops.Size * 3;
        var rgb = new byte[grid.Width * grid.Height * 3];
        for (var crop = 0; crop < grid.Count; crop++)
        {
            var (left, top) = grid.Corner(crop);
            var pixels = crops.Crop(before + crop);
            for (var y = 0; y < crops.Size; y++)
            {
                pixels.Slice(y * row, row).CopyTo(rgb.AsSpan((((top + y) * grid.Width) + left) * 3));
            }
        }

        return new ImageOverview(rgb, grid.Width, grid.Height, crops.Image);
    }

    /// <summary>A level of the image's plan, and how many crops come before it. Crops of no plan are those of the low resolution.</summary>
    private static (int Before, CropGrid Grid) Choose(ImageCrops crops, int side)
    {
        var plan = s_versions
            .Select(version => CropPlanner.Plan(version, crops.Image.Width, crops.Image.Height, crops.Size))
            .FirstOrDefault(plan => plan.Sum(grid => grid.Count) == crops.Count, [new CropGrid(CropLevel.Low, 1, 1, crops.Size)]);
        var before = 0;
        foreach (var grid in plan)
        {
            if (Math.Max(grid.Width, grid.Height) >= side || grid.Level == plan[^1].Level)
            {
                return (before, grid);
            }

            before += grid.Count;
        }

        throw new ArgumentException("A plan has at least one level.", nameof(crops));
    }
}
