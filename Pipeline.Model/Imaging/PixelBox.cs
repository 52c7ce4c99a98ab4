namespace Pipeline.Model.Imaging;

/// <summary>Part of a decoded image, in its pixels: left and top belong to it, right and bottom do not.</summary>
public readonly record struct PixelBox(int Left, int Top, int Right, int Bottom);
