using System.Security.Cryptography;
using NetVips;
using Pipeline.Model.Imaging;

namespace Pipeline.Model.Benchmarking;

/// <summary>JPEGs that are all different, made of the files of a folder: an engine that shares equal images finds none.</summary>
/// <remarks>
/// Each is a file's picture, shifted around its edges and a little brighter or darker, encoded again to about the file's own length. The same
/// files give the same JPEGs everywhere.
/// </remarks>
internal static class BenchmarkImages
{
    private const int LowestQuality = 30, HighestQuality = 95;

    /// <summary>Pixels, prime: a shift by its multiples puts other pixels on the borders of crops and of JPEG's blocks each time.</summary>
    private const int ShiftX = 37, ShiftY = 23;

    /// <summary>Reads the JPEGs of a folder, in the order of their names.</summary>
    /// <exception cref="InvalidDataException">The folder holds none, or can't be read.</exception>
    public static IReadOnlyList<byte[]> Read(string folder)
    {
        try
        {
            byte[][] files = [.. Directory.EnumerateFiles(folder).Where(IsJpeg).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
            return files.Length > 0
                ? files
                : throw new InvalidDataException($"'{folder}' holds no *.jpg: name a folder of JPEGs.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{folder}' can't be read ({e.Message}): name a folder of JPEGs.", e);
        }
    }

    /// <summary>Makes so many different JPEGs of the given ones, taking them in turn.</summary>
    /// <exception cref="ImageException">One of them can't be decoded.</exception>
    public static IReadOnlyList<byte[]> Vary(IReadOnlyList<byte[]> files, int count)
    {
        int[] qualities = [.. files.Take(count).Select(file => QualityOf(file, file.Length))];
        return [.. Enumerable.Range(0, count).Select(i => Encode(files[i % files.Count], i, qualities[i % files.Count]))];
    }

    /// <summary>Share of different crops among all crops of all images: 1 where nothing can be encoded once for two.</summary>
    public static double DistinctCrops(ImageProcessor processor, IReadOnlyList<byte[]> images)
    {
        HashSet<UInt128> seen = [];
        long all = 0;
        foreach (byte[] image in images)
        {
            ImageCrops crops = processor.Process(image);
            int length = crops.Pixels.Length / crops.Count;
            foreach (int crop in Enumerable.Range(0, crops.Count))
            {
                byte[] hash = SHA256.HashData(crops.Pixels.AsSpan(crop * length, length));
                seen.Add(BitConverter.ToUInt128(hash));
            }

            all += crops.Count;
        }

        return (double)seen.Count / all;
    }

    private static bool IsJpeg(string file) => Path.GetExtension(file).ToUpperInvariant() is ".JPG" or ".JPEG";

    /// <summary>The quality at which the picture takes as many bytes as its file.</summary>
    private static int QualityOf(byte[] file, int bytes)
    {
        var (low, high) = (LowestQuality, HighestQuality);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Encode(file, number: 0, middle).Length < bytes ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static byte[] Encode(byte[] file, int number, int quality)
    {
        using RgbImage decoded = ImageDecoder.Decode(file, new ImageLimits());
        var (width, height) = (decoded.Facts.Width, decoded.Facts.Height);
        using var picture = Image.NewFromMemoryCopy(decoded.Pixels, width, height, 3, Enums.BandFormat.Uchar);
        using Image shifted = picture.Wrap(x: ShiftX * number % width, y: ShiftY * number % height);
        using Image lit = shifted.Linear([1], [number % 16]);
        using Image eightBit = lit.Cast(Enums.BandFormat.Uchar);
        using Image rgb = eightBit.Copy(interpretation: Enums.Interpretation.Srgb);
        return rgb.JpegsaveBuffer(q: quality);
    }
}
