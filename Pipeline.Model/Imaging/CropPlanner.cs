using Pipeline.Model.Configuration;

namespace Pipeline.Model.Imaging;

/// <summary>Which resolution a crop is taken from.</summary>
internal enum CropLevel
{
    /// <summary>The whole image in one crop.</summary>
    Low,

    /// <summary>Four crops.</summary>
    Middle,

    /// <summary>24 crops (v1) or 36 (v2).</summary>
    High,
}

/// <summary>The image stretched to <c>Columns × Rows</c> crops of <paramref name="CropSize"/> pixels a side, taken row by row.</summary>
internal readonly record struct CropGrid(CropLevel Level, int Columns, int Rows, int CropSize)
{
    public int Width => Columns * CropSize;

    public int Height => Rows * CropSize;

    public int Count => Columns * Rows;

    /// <summary>Upper left corner of a crop in the stretched image.</summary>
    public (int Left, int Top) Corner(int crop) => (crop % Columns * CropSize, crop / Columns * CropSize);
}

/// <summary>Decides how an image is stretched and cut. Pure geometry, for any crop size.</summary>
internal static class CropPlanner
{
    // Columns × rows, in the reference's order: of options that fit equally well the first wins.
    private static readonly (int Columns, int Rows)[] MiddleOptions = [(2, 2), (1, 4), (4, 1)];
    private static readonly (int Columns, int Rows)[] HighOptionsV1 = [(6, 4), (4, 6), (3, 8), (8, 3), (2, 12), (12, 2)];
    private const int ZoomV2 = 3;

    /// <summary>The three levels of an image, in the model's order: low, middle, high.</summary>
    public static IReadOnlyList<CropGrid> Plan(DragonflyVersion version, int width, int height, int cropSize)
    {
        var middle = Choose(MiddleOptions, width, height, cropSize);
        var high = version == DragonflyVersion.V1
            ? Choose(HighOptionsV1, width, height, cropSize)
            : (Columns: middle.Columns * ZoomV2, Rows: middle.Rows * ZoomV2);
        return
        [
            new CropGrid(CropLevel.Low, 1, 1, cropSize),
            new CropGrid(CropLevel.Middle, middle.Columns, middle.Rows, cropSize),
            new CropGrid(CropLevel.High, high.Columns, high.Rows, cropSize),
        ];
    }

    // LLaVA-NeXT's select_best_resolution: keep the most of the image's pixels, then waste the least of the option's.
    private static (int Columns, int Rows) Choose((int Columns, int Rows)[] options, int width, int height, int cropSize)
    {
        var best = options[0];
        var (mostKept, leastWasted) = (0L, long.MaxValue);
        foreach (var option in options)
        {
            long optionWidth = option.Columns * cropSize, optionHeight = option.Rows * cropSize;
            var scale = Math.Min((double)optionWidth / width, (double)optionHeight / height);
            var kept = Math.Min((long)(width * scale) * (long)(height * scale), (long)width * height);
            var wasted = (optionWidth * optionHeight) - kept;
            if (kept > mostKept || (kept == mostKept && wasted < leastWasted))
            {
                (best, mostKept, leastWasted) = (option, kept, wasted);
            }
        }

        return best;
    }
}
