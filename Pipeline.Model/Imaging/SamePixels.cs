namespace Pipeline.Model.Imaging;

/// <summary>Crops are equal where the model sees the same: found by hash, proved byte by byte, whatever file they came from.</summary>
internal sealed class SamePixels : IEqualityComparer<ImageCrops>
{
    public static readonly SamePixels Comparer = new();

    private SamePixels()
    {
    }

    public bool Equals(ImageCrops? x, ImageCrops? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.Count == y.Count && x.Size == y.Size && x.Pixels.AsSpan().SequenceEqual(y.Pixels));

    public int GetHashCode(ImageCrops crops)
    {
        var hash = new HashCode();
        foreach (UInt128 crop in crops.Hashes)
        {
            hash.Add(crop);
        }

        return hash.ToHashCode();
    }
}
