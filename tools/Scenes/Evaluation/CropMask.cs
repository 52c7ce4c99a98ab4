using Pipeline.Model.Imaging;

namespace Scenes.Evaluation;

/// <summary>What the model is allowed to see.</summary>
public enum CropMask
{
    /// <summary>All crops.</summary>
    None,

    /// <summary>The low-resolution crop alone; the zoom's crops, middle and high, are plain grey.</summary>
    Zoom,
}

/// <summary>Hides crops.</summary>
internal static class CropMasks
{
    // CLIP's mean colour, which normalises to nothing.
    private static readonly byte[] s_grey = [123, 117, 104];

    public static ImageCrops Apply(this CropMask mask, ImageCrops crops)
    {
        if (mask is CropMask.None)
        {
            return crops;
        }

        var pixels = crops.Pixels.ToArray();
        for (var i = pixels.Length / crops.Count; i < pixels.Length; i++)
        {
            pixels[i] = s_grey[i % 3];
        }

        return crops with { Pixels = pixels };
    }
}
