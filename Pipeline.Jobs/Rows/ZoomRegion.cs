namespace Pipeline.Jobs.Rows;

/// <summary>Part of an image, in pixels of the decoded image: left and top belong to it, right and bottom do not.</summary>
public readonly record struct ZoomRegion(int Left, int Top, int Right, int Bottom);
