namespace Pipeline.Model.Tests.Golden;

/// <summary>The public cases of one image and one prompt.</summary>
internal static class GoldenCases
{
    public static readonly string[] V1Names =
        ["exif", "gray", "large", "palette", "portrait", "rgba", "square", "tall", "tall_big", "tiny", "wide", "wide_big"];

    public static readonly string[] V2Names = ["exif", "gray", "large", "palette", "rgba", "square", "tall", "tiny", "wide"];
}
