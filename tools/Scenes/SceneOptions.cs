namespace Scenes;

/// <summary>How hard the scenes are. The defaults are what held-out scenes are drawn with; training may begin with easier ones.</summary>
public sealed record SceneOptions
{
    /// <summary>
    /// Side in pixels of the crops that the model takes. Images have 5 to 20 times that as the geometric mean of their sides, and a sign's
    /// text is as large as to be readable at the high resolution, 6 crops a side, and only there. 32 to 336; default 32.
    /// </summary>
    public int CropSize { get; init; } = 32;

    /// <summary>Fewest objects. 1 to 4; default 2.</summary>
    public int MinObjects { get; init; } = 2;

    /// <summary>Most objects. <see cref="MinObjects"/> to 4; default 4.</summary>
    public int MaxObjects { get; init; } = 4;

    /// <summary>Share of the scenes that have a sign, where there is room for one. 0 to 1; default 0.8.</summary>
    public double SignShare { get; init; } = 0.8;

    /// <summary>Share of the signs that are fixed to an object. 0 to 1; default 0.2, less where no object is large.</summary>
    public double SignOnObjectShare { get; init; } = 0.2;

    /// <summary>Share of the free-standing signs that lie across the border of v2's high-resolution crops; the others lie in one crop, of v1 too where there is one. 0 to 1; default 0.2.</summary>
    public double StraddlingShare { get; init; } = 0.2;

    /// <summary>Share of the signs that bear a word, no number. 0 to 1; default 0.2.</summary>
    public double WordShare { get; init; } = 0.2;

    /// <summary>Share of images with sides of 1.45 to 1.9 to 1, half of them upright. 0 to 1; default 0.3.</summary>
    public double WideShare { get; init; } = 0.3;

    /// <summary>Share of images with sides of 2.4 to 4 to 1, half of them upright. 0 to 1; default 0.1. The others are nearly square, to 1.35 to 1.</summary>
    public double VeryWideShare { get; init; } = 0.1;

    /// <exception cref="ArgumentOutOfRangeException">A value is none that the docs allow.</exception>
    internal void Check()
    {
        Within(CropSize, 32, 336, nameof(CropSize));
        Within(MinObjects, 1, 4, nameof(MinObjects));
        Within(MaxObjects, MinObjects, 4, nameof(MaxObjects));
        Within(SignShare, 0, 1, nameof(SignShare));
        Within(SignOnObjectShare, 0, 1, nameof(SignOnObjectShare));
        Within(StraddlingShare, 0, 1, nameof(StraddlingShare));
        Within(WordShare, 0, 1, nameof(WordShare));
        Within(WideShare, 0, 1, nameof(WideShare));
        Within(VeryWideShare, 0, 1 - WideShare, nameof(VeryWideShare));
    }

    private static void Within(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} to {most}.");
        }
    }
}
