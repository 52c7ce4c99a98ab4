using Pipeline.Model.Configuration;

namespace Pipeline.Model.Imaging;

/// <summary>Which parts of an image the high-resolution crops are that v1 keeps.</summary>
internal static class ZoomBoxes
{
    /// <param name="image">As it was decoded.</param>
    /// <param name="cropSize">Side of a crop.</param>
    /// <param name="kept">v1: indices of kept high crops, 0 to 23; of v2, which keeps all, empty.</param>
    /// <returns>One a kept crop, in order.</returns>
    public static IReadOnlyList<PixelBox> Of(ImageFacts image, int cropSize, IReadOnlyList<int> kept)
    {
        if (kept.Count == 0)
        {
            return [];
        }

        CropGrid grid = CropPlanner.Plan(DragonflyVersion.V1, image.Width, image.Height, cropSize)[(int)CropLevel.High];
        return [.. kept.Select(crop =>
        {
            (int column, int row) = (crop % grid.Columns, crop / grid.Columns);
            return new PixelBox(
                Edge(column, grid.Columns, image.Width), Edge(row, grid.Rows, image.Height),
                Edge(column + 1, grid.Columns, image.Width), Edge(row + 1, grid.Rows, image.Height));
        })];
    }

    /// <summary>Crops of a small image can be narrower than a pixel: edges are rounded to the nearest.</summary>
    private static int Edge(int index, int count, int length) => (int)(((2L * index * length) + count) / (2L * count));
}
