using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Scenes.Drawing;

namespace Scenes.Layout;

/// <summary>Makes a sign that only the high resolution shows, and finds room for it.</summary>
internal sealed class SignPlacer(ImageFormat format, IReadOnlyList<SceneObject> objects, SceneRandom random, SceneOptions options)
{
    /// <summary>Most of a crop that a sign may take, each way, so that it can lie in one.</summary>
    private const double MostOfCrop = 0.85;

    /// <summary>Height of a pixel of the font by its width: v1 sees more of the one than of the other.</summary>
    private const double Slender = 1.3;

    private const int Tries = 400;

    /// <summary>The words that signs bear: two capitals, as wide as a number of two digits.</summary>
    public static IReadOnlyList<string> Words { get; } = ["GO", "IN", "UP", "OK"];

    private readonly CropGrid _v1 = CropPlanner.Plan(DragonflyVersion.V1, format.Width, format.Height, options.CropSize)[^1];
    private readonly CropGrid _v2 = CropPlanner.Plan(DragonflyVersion.V2, format.Width, format.Height, options.CropSize)[^1];

    /// <returns>Null where there is no room.</returns>
    public SceneSign? Place()
    {
        var text = Text();
        var (width, height) = Size(text);
        var carriers = Enumerable.Range(0, objects.Count).Where(index => Carries(objects[index], width, height)).ToArray();
        var free = carriers.Length == 0 || !random.Chance(options.SignOnObjectShare) ? Free(width, height) : null;
        if (free is null && carriers.Length > 0)
        {
            var carrier = random.Of(carriers);
            return new SceneSign(text, On(objects[carrier], width, height), carrier);
        }

        return free is { } box ? new SceneSign(text, box, null) : null;
    }

    private string Text() =>
        random.Chance(options.WordShare) ? random.Of(Words)
        : random.Chance(0.25) ? random.Below(10).ToString()
        : random.Between(10, 99).ToString();

    // A pixel of the font takes about a twentieth of a high crop, whatever the image's size: no quarter of a pixel at the low resolution's 32.
    private (int Width, int Height) Size(string text)
    {
        var (columns, rows) = SignFont.PlateSize(text);
        double scaleX = (double)_v2.Width / format.Width, scaleY = (double)_v2.Height / format.Height;
        var unit = options.CropSize * random.Between(0.046, 0.051) / Math.Sqrt(scaleX * scaleY * Slender);
        unit = Math.Min(unit, MostOfCrop * options.CropSize / (columns * scaleX));
        unit = Math.Min(unit, MostOfCrop * options.CropSize / (rows * Slender * scaleY));
        return ((int)(columns * unit), (int)(rows * Slender * unit));
    }

    private static bool Carries(SceneObject carrier, int width, int height) =>
        carrier.Size is SceneSize.Large
        && carrier.Shape is SceneShape.Circle or SceneShape.Square or SceneShape.Triangle or SceneShape.Cross
        && width <= 0.6 * carrier.Box.Width && height <= 0.5 * carrier.Box.Height;

    private static PixelBox On(SceneObject carrier, int width, int height)
    {
        var middle = carrier.Shape is SceneShape.Triangle ? 0.65 : 0.5;
        var left = carrier.Box.Left + ((carrier.Box.Width - width) / 2);
        var top = carrier.Box.Top + (int)((carrier.Box.Height * middle) - (height / 2.0));
        return new PixelBox(left, top, left + width, top + height);
    }

    private PixelBox? Free(int width, int height)
    {
        var straddles = random.Chance(options.StraddlingShare);
        PixelBox? any = null;
        for (var i = 0; i < Tries; i++)
        {
            var box = straddles ? Anywhere(width, height) : InOneCrop(width, height);
            if (objects.Any(other => Around(other.Box).Overlaps(box)))
            {
                continue;
            }

            // That a place is in one crop of both models asks for luck: after half of the tries v2's crops are enough.
            if (straddles != IsInOneCrop(box, _v2) && (straddles || i > Tries / 2 || IsInOneCrop(box, _v1)))
            {
                return box;
            }

            any = box;
        }

        return any;
    }

    private PixelBox Anywhere(int width, int height) => At(random.Between(2, format.Width - width - 2), random.Between(2, format.Height - height - 2), width, height);

    private PixelBox InOneCrop(int width, int height)
    {
        var (column, row) = (random.Below(_v2.Columns), random.Below(_v2.Rows));
        return At(Inside(column, _v2.Columns, format.Width, width), Inside(row, _v2.Rows, format.Height, height), width, height);
    }

    private int Inside(int index, int count, int length, int size)
    {
        var (from, to) = (((index * length) + count - 1) / count, ((index + 1) * length / count) - size);
        return to <= from ? from : random.Between(from, to);
    }

    private static PixelBox At(int left, int top, int width, int height) => new(left, top, left + width, top + height);

    private static PixelBox Around(PixelBox box) => new(box.Left - 3, box.Top - 3, box.Right + 3, box.Bottom + 3);

    private bool IsInOneCrop(PixelBox box, CropGrid grid) =>
        Cell(box.Left, format.Width, grid.Columns) == Cell(box.Right - 1, format.Width, grid.Columns)
        && Cell(box.Top, format.Height, grid.Rows) == Cell(box.Bottom - 1, format.Height, grid.Rows);

    private static int Cell(int pixel, int length, int count) => (int)((long)pixel * count / length);
}
