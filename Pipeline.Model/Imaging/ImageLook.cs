using System.Numerics;

namespace Pipeline.Model.Imaging;

/// <summary>What an image looks like in a few numbers, of its low-resolution crop.</summary>
/// <param name="PerceptualHash">
/// 64 bits, the signs of the lowest frequencies against their median (pHash): images that look alike differ in few bits, up to about 6 where
/// one was scaled or compressed again, and others in about 32.
/// </param>
/// <param name="Contrast">Standard deviation of the grey values, 0 (one colour) to 127.5.</param>
public readonly record struct ImageLook(ulong PerceptualHash, double Contrast)
{
    private const int Side = 32;
    private const int Frequencies = 8;

    /// <summary>cos((2x + 1)·u·π / 64) of frequency u at pixel x, <c>[8, 32]</c>.</summary>
    private static readonly double[,] s_cosines = Cosines();

    /// <summary>A fraction of a millisecond of the caller's time.</summary>
    public static ImageLook Of(ImageCrops crops)
    {
        double[] grey = Grey(crops.Crop(0), crops.Size);
        double mean = grey.Average();
        double variance = grey.Sum(value => (value - mean) * (value - mean)) / grey.Length;
        return new ImageLook(Hash(grey), Math.Sqrt(variance));
    }

    /// <summary>Bits in which two hashes differ, 0 to 64.</summary>
    public static int Distance(ulong one, ulong other) => BitOperations.PopCount(one ^ other);

    /// <returns><c>[32, 32]</c> means of the pixels' grey, ITU-R 601 as Pillow's "L".</returns>
    private static double[] Grey(ReadOnlySpan<byte> rgb, int size)
    {
        var grey = new double[Side * Side];
        for (int y = 0; y < Side; y++)
        {
            (int top, int bottom) = Cell(y, size);
            for (int x = 0; x < Side; x++)
            {
                (int left, int right) = Cell(x, size);
                long sum = 0;
                for (int row = top; row < bottom; row++)
                {
                    for (int at = ((row * size) + left) * 3; at < ((row * size) + right) * 3; at += 3)
                    {
                        sum += (299L * rgb[at]) + (587L * rgb[at + 1]) + (114L * rgb[at + 2]);
                    }
                }

                grey[(y * Side) + x] = sum / (1000.0 * (bottom - top) * (right - left));
            }
        }

        return grey;
    }

    /// <summary>At least one pixel, also of crops smaller than 32.</summary>
    private static (int First, int End) Cell(int index, int size)
    {
        int first = index * size / Side;
        return (first, Math.Max(first + 1, (index + 1) * size / Side));
    }

    private static ulong Hash(double[] grey)
    {
        var spectrum = new double[Frequencies * Frequencies];
        Span<double> ofRows = stackalloc double[Side];
        for (int u = 0; u < Frequencies; u++)
        {
            for (int y = 0; y < Side; y++)
            {
                ofRows[y] = 0;
                for (int x = 0; x < Side; x++)
                {
                    ofRows[y] += grey[(y * Side) + x] * s_cosines[u, x];
                }
            }

            for (int v = 0; v < Frequencies; v++)
            {
                for (int y = 0; y < Side; y++)
                {
                    spectrum[(v * Frequencies) + u] += ofRows[y] * s_cosines[v, y];
                }
            }
        }

        // The first is the mean brightness: it says nothing of what is seen, and would shift the median.
        double[] sorted = [.. spectrum.Skip(1).Order()];
        double median = sorted[sorted.Length / 2];
        ulong hash = 0;
        for (int i = 0; i < spectrum.Length; i++)
        {
            hash |= (i > 0 && spectrum[i] > median ? 1UL : 0) << i;
        }

        return hash;
    }

    private static double[,] Cosines()
    {
        var cosines = new double[Frequencies, Side];
        for (int u = 0; u < Frequencies; u++)
        {
            for (int x = 0; x < Side; x++)
            {
                cosines[u, x] = Math.Cos(((2 * x) + 1) * u * Math.PI / (2 * Side));
            }
        }

        return cosines;
    }
}
