using Pipeline.Model.Imaging;
using Pipeline.Model.Training;
using Scenes;

namespace Train.Examples;

/// <summary>What a token of a crop is to tell: classes from 1, 0 where there is nothing, <see cref="TrainingText.Ignored"/> where it is not asked.</summary>
internal readonly record struct TokenLabel(long Shape, long Colour, long Size)
{
    private static readonly TokenLabel s_nothing = new(0, 0, 0);
    private static readonly TokenLabel s_unasked = new(TrainingText.Ignored, TrainingText.Ignored, TrainingText.Ignored);

    /// <summary>The class token's: of a middle crop that holds one object whole, that object.</summary>
    public static TokenLabel OfCrop(Scene scene, CropBox crop) =>
        crop.Level is not CropLevel.Middle ? s_unasked
        : scene.Objects.Where(item => crop.Touches(item.Box, scene)).ToArray() switch
        {
            [] => s_nothing,
            [var only] when crop.Holds(only.Box, scene) => Of(only, crop.Level),
            _ => s_unasked,
        };

    /// <summary>
    /// The patches', row by row. A patch is an object's where its middle lies well within the object's box, nothing where it touches none,
    /// and else not asked. Of an object that the crop cuts, the colour alone.
    /// </summary>
    public static IEnumerable<TokenLabel> OfPatches(Scene scene, CropBox crop, int grid)
    {
        double width = crop.Width * scene.Width / grid, height = crop.Height * scene.Height / grid;
        for (var patch = 0; patch < grid * grid; patch++)
        {
            double left = (crop.Left * scene.Width) + (patch % grid * width), top = (crop.Top * scene.Height) + (patch / grid * height);
            yield return OfPatch(scene, crop, left, top, width, height);
        }
    }

    private static TokenLabel OfPatch(Scene scene, CropBox crop, double left, double top, double width, double height)
    {
        var touched = scene.Objects.Where(item => item.Box.Left < left + width && item.Box.Right > left && item.Box.Top < top + height && item.Box.Bottom > top).ToArray();
        double x = left + (width / 2), y = top + (height / 2);
        var inside = touched.FirstOrDefault(item =>
            Math.Abs(x - ((item.Box.Left + item.Box.Right) / 2.0)) < 0.4 * item.Box.Width && Math.Abs(y - ((item.Box.Top + item.Box.Bottom) / 2.0)) < 0.4 * item.Box.Height);
        return touched.Length == 0 ? s_nothing
            : inside is null ? s_unasked
            : crop.Holds(inside.Box, scene) ? Of(inside, crop.Level)
            : s_unasked with { Colour = 1 + (long)inside.Colour };
    }

    // Sizes are asked of middle crops alone: small there is as large as large in the low one.
    private static TokenLabel Of(SceneObject item, CropLevel level) =>
        new(1 + (long)item.Shape, 1 + (long)item.Colour, level is CropLevel.Middle ? 1 + (long)item.Size : TrainingText.Ignored);
}
