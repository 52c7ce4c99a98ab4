using NetVips;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>One file of every kind that breaks image pipelines.</summary>
internal static class NastyFiles
{
    /// <summary>Names and the failure that each must end with; null for an annotation.</summary>
    public static IReadOnlyDictionary<string, string?> Expected { get; } = new Dictionary<string, string?>
    {
        ["16-bit.png"] = null,
        ["animated.gif"] = null,
        ["bomb.png"] = "image_too_large",
        ["cmyk.jpg"] = null,
        ["damaged.png"] = "corrupt_image",
        ["empty.jpg"] = "empty_file",
        ["palette.png"] = null,
        ["plain.jpg"] = null,
        ["sub folder/ümlaut and space.png"] = null,
        ["text.jpg"] = "not_an_image",
        ["truncated.jpg"] = "truncated_image",
        ["zz-vanishing.jpg"] = "source_missing",
    };

    public const string Vanishing = "zz-vanishing.jpg";

    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "sub folder"));
        using var photo = Photo();
        photo.Jpegsave(Path.Combine(folder, "plain.jpg"));
        photo.Pngsave(Path.Combine(folder, "sub folder", "ümlaut and space.png"));
        photo.Pngsave(Path.Combine(folder, "palette.png"), palette: true);
        File.Copy(Path.Combine(folder, "plain.jpg"), Path.Combine(folder, Vanishing));
        File.WriteAllBytes(Path.Combine(folder, "empty.jpg"), []);
        File.WriteAllText(Path.Combine(folder, "text.jpg"), "This is no picture, whatever its name says.\n");

        var jpeg = File.ReadAllBytes(Path.Combine(folder, "plain.jpg"));
        File.WriteAllBytes(Path.Combine(folder, "truncated.jpg"), jpeg[..(jpeg.Length / 2)]);
        var png = File.ReadAllBytes(Path.Combine(folder, "palette.png"));
        png.AsSpan(png.Length / 2, 40).Fill(0xFF);
        File.WriteAllBytes(Path.Combine(folder, "damaged.png"), png);

        using var cmyk = photo.Colourspace(Enums.Interpretation.Cmyk);
        cmyk.Jpegsave(Path.Combine(folder, "cmyk.jpg"));
        using var wide = photo.Colourspace(Enums.Interpretation.Rgb16);
        wide.Pngsave(Path.Combine(folder, "16-bit.png"));

        using var negative = photo.Invert();
        using var stacked = photo.Join(negative, Enums.Direction.Vertical);
        using var frames = stacked.Mutate(image => image.Set(GValue.GIntType, "page-height", photo.Height));
        frames.Gifsave(Path.Combine(folder, "animated.gif"));

        using var huge = Image.Black(30_000, 30_000);
        huge.Pngsave(Path.Combine(folder, "bomb.png"), compression: 1, bitdepth: 1);
    }

    /// <summary>Something with gradients and noise, so that no encoder makes it trivial.</summary>
    private static Image Photo()
    {
        using var ramp = Image.Xyz(200, 150);
        using var noise = Image.Gaussnoise(200, 150, sigma: 20, mean: 0, seed: 7);
        using var red = ramp[0] + noise;
        using var green = ramp[1] + noise;
        using var blue = red.Linear([-1.0], [255.0]);
        using var joined = red.Bandjoin(green, blue);
        using var bytes = joined.Cast(Enums.BandFormat.Uchar);
        return bytes.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
