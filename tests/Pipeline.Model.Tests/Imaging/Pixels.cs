using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Model.Imaging;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Imaging;

/// <summary>Small means to compare pixels with the reference's.</summary>
internal static class Pixels
{
    /// <summary>The reference's golden folder, or a file in it.</summary>
    public static string Golden(params string[] path) => ReferenceData.Folder(["golden", .. path]);

    public static JsonElement ReadJson(params string[] path) => JsonDocument.Parse(File.ReadAllBytes(Golden(path))).RootElement;

    public static string Sha256(ReadOnlySpan<byte> pixels) => Convert.ToHexStringLower(SHA256.HashData(pixels));

    /// <summary>Decodes a file; the pixels are the caller's to keep.</summary>
    public static (ImageFacts Facts, byte[] Rgb) Decode(string path) => Decode(File.ReadAllBytes(path));

    public static (ImageFacts Facts, byte[] Rgb) Decode(byte[] encoded)
    {
        using var image = ImageDecoder.Decode(encoded, new ImageLimits());
        return (image.Facts, image.Pixels.ToArray());
    }

    public static byte[] Resize(byte[] rgb, int width, int height, int newWidth, int newHeight)
    {
        var output = new byte[newWidth * newHeight * 3];
        PillowResizer.Resize(rgb, width, height, new ResizeTarget(newWidth, newHeight, newWidth, newHeight), output);
        return output;
    }
}
