using Pipeline.Model.Imaging;

namespace Pipeline.Model.Execution.Vision;

/// <summary>Which crops of a vision step are different, and which of those each image is made of.</summary>
internal sealed class CropBatch
{
    private readonly List<(ImageCrops Image, int Crop)> _distinct = [];

    /// <param name="images">Of one model, so all of one crop size.</param>
    public CropBatch(IReadOnlyList<ImageCrops> images)
    {
        var seen = new Dictionary<UInt128, List<int>>();
        Crops = [.. images.Select(image => Enumerable.Range(0, image.Count).Select(crop => IndexOf(image, crop, seen)).ToArray())];
    }

    /// <summary>Number of different crops.</summary>
    public int Count => _distinct.Count;

    /// <summary>For each image, the index of each of its crops among the different ones.</summary>
    public IReadOnlyList<int[]> Crops { get; }

    /// <summary>Pixels of a different crop.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _distinct[index].Image.Crop(_distinct[index].Crop);

    /// <summary>Equal hashes only say where to look: pixels decide.</summary>
    private int IndexOf(ImageCrops image, int crop, Dictionary<UInt128, List<int>> seen)
    {
        if (!seen.TryGetValue(image.Hashes[crop], out List<int>? candidates))
        {
            seen[image.Hashes[crop]] = candidates = [];
        }

        foreach (int candidate in candidates)
        {
            if (Pixels(candidate).SequenceEqual(image.Crop(crop)))
            {
                return candidate;
            }
        }

        candidates.Add(_distinct.Count);
        _distinct.Add((image, crop));
        return _distinct.Count - 1;
    }
}
