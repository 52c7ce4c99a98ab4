using NetVips;

namespace Pipeline.Benchmarks.Fuzzing;

/// <summary>Small files of every format that is read, in the forms that parsers tell apart.</summary>
internal static class SeedImages
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } = Make();

    private static Dictionary<string, byte[]> Make()
    {
        using var grey = Image.Gaussnoise(96, 64, sigma: 60, mean: 120).Cast(Enums.BandFormat.Uchar);
        using var rgb = grey.Bandjoin(grey.Rot180(), grey.Flip(Enums.Direction.Vertical)).Copy(interpretation: Enums.Interpretation.Srgb);
        using var deep = (rgb.Cast(Enums.BandFormat.Ushort) * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
        using var clear = rgb.Bandjoin(grey);
        using var cmyk = rgb.Bandjoin(grey).Copy(interpretation: Enums.Interpretation.Cmyk);
        using var tagged = rgb.Mutate(image =>
        {
            image.Set(GValue.GStrType, "exif-ifd0-ImageDescription", "A description");
            image.Set(GValue.GIntType, "orientation", 6);
        });
        using var profiled = rgb.IccTransform("p3", inputProfile: "srgb");
        using var film = Image.Arrayjoin([rgb, rgb.Invert(), rgb], across: 1).Mutate(image =>
        {
            image.Set(GValue.GIntType, "page-height", rgb.Height);
        });
        return new Dictionary<string, byte[]>
        {
            ["baseline.jpg"] = rgb.JpegsaveBuffer(),
            ["progressive.jpg"] = rgb.JpegsaveBuffer(interlace: true),
            ["grey.jpg"] = grey.JpegsaveBuffer(),
            ["cmyk.jpg"] = cmyk.JpegsaveBuffer(),
            ["exif.jpg"] = tagged.JpegsaveBuffer(),
            ["icc.jpg"] = profiled.JpegsaveBuffer(),
            ["rgb.png"] = rgb.PngsaveBuffer(),
            ["interlaced.png"] = rgb.PngsaveBuffer(interlace: true),
            ["deep.png"] = deep.PngsaveBuffer(),
            ["alpha.png"] = clear.PngsaveBuffer(),
            ["palette.png"] = rgb.PngsaveBuffer(palette: true),
            ["icc.png"] = profiled.PngsaveBuffer(),
            ["bilevel.png"] = grey.PngsaveBuffer(bitdepth: 1),
            ["lossy.webp"] = rgb.WebpsaveBuffer(),
            ["lossless.webp"] = clear.WebpsaveBuffer(lossless: true),
            ["animated.webp"] = film.WebpsaveBuffer(),
            ["palette.gif"] = rgb.GifsaveBuffer(),
            ["animated.gif"] = film.GifsaveBuffer(),
            ["strips.tif"] = rgb.TiffsaveBuffer(),
            ["tiled.tif"] = rgb.TiffsaveBuffer(tile: true, tileWidth: 32, tileHeight: 32, compression: Enums.ForeignTiffCompression.Deflate),
            ["lzw.tif"] = rgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw),
            ["jpeg.tif"] = rgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Jpeg),
            ["deep.tif"] = deep.TiffsaveBuffer(),
            ["cmyk.tif"] = cmyk.TiffsaveBuffer(),
            ["big.tif"] = rgb.TiffsaveBuffer(bigtiff: true),
            ["turned.tif"] = tagged.TiffsaveBuffer(),
            ["pages.tif"] = film.TiffsaveBuffer(),
            ["still.avif"] = rgb.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0),
            ["alpha.avif"] = clear.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, lossless: true, effort: 0),
        };
    }
}
