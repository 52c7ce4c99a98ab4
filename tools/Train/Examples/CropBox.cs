using Pipeline.Model.Imaging;
using Scenes;
using PixelBox = Scenes.PixelBox;

namespace Train.Examples;

/// <summary>What of the image a crop shows, as fractions of its width and height.</summary>
internal readonly record struct CropBox(CropLevel Level, double Left, double Top, double Width, double Height)
{
    /// <param name="plan">The image's levels.</param>
    /// <param name="crop">Index over all levels.</param>
    public static CropBox Of(IReadOnlyList<CropGrid> plan, int crop)
    {
        foreach (var grid in plan)
        {
            if (crop < grid.Count)
            {
                return new CropBox(grid.Level, crop % grid.Columns / (double)grid.Columns, crop / grid.Columns / (double)grid.Rows, 1.0 / grid.Columns, 1.0 / grid.Rows);
            }

            crop -= grid.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(crop), crop, "There are fewer crops.");
    }

    public bool Touches(PixelBox box, Scene scene) =>
        box.Left < (Left + Width) * scene.Width && box.Right > Left * scene.Width && box.Top < (Top + Height) * scene.Height && box.Bottom > Top * scene.Height;

    /// <summary>All of the box, give or take half a pixel.</summary>
    public bool Holds(PixelBox box, Scene scene) =>
        box.Left >= (Left * scene.Width) - 0.5 && box.Right <= ((Left + Width) * scene.Width) + 0.5
        && box.Top >= (Top * scene.Height) - 0.5 && box.Bottom <= ((Top + Height) * scene.Height) + 0.5;
}
