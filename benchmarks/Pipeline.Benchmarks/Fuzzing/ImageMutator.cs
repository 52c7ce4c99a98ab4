namespace Pipeline.Benchmarks.Fuzzing;

/// <summary>Damages image files. The same seed and number always give the same file.</summary>
/// <param name="seed">Of the whole run.</param>
internal sealed class ImageMutator(int seed)
{
    /// <summary>Where sizes, counts and offsets mostly are.</summary>
    private const int Header = 256;

    private static readonly KeyValuePair<string, byte[]>[] s_seeds = [.. SeedImages.All.OrderBy(image => image.Key, StringComparer.Ordinal)];

    /// <summary>Values at which lengths and signs turn.</summary>
    private static readonly uint[] s_edges = [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

    /// <param name="number">Of the file in the run.</param>
    /// <returns>The name of the file it was made of, and the damaged file.</returns>
    public (string Name, byte[] File) Make(int number)
    {
        var random = new Random(unchecked((seed * 486_187_739) + number));
        var (name, original) = s_seeds[random.Next(s_seeds.Length)];
        var file = original.ToList();
        for (var times = (int)Math.Pow(2, random.NextDouble() * 4); times > 0 && file.Count > 0; times--)
        {
            Damage(file, random);
        }

        return (name, [.. file]);
    }

    private static void Damage(List<byte> file, Random random)
    {
        var at = random.Next(random.Next(2) == 0 ? Math.Min(Header, file.Count) : file.Count);
        var length = Math.Min(file.Count - at, 1 << random.Next(12));
        switch (random.Next(9))
        {
            case 0:
                file[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                file[at] = (byte)random.Next(256);
                break;
            case 2:
                Write(file, at, s_edges[random.Next(s_edges.Length)], 1 << random.Next(3), bigEndian: random.Next(2) == 0);
                break;
            case 3:
                Write(file, at, (uint)random.NextInt64(1L << 32), 4, bigEndian: true);
                break;
            case 4:
                file.RemoveRange(at, length);
                break;
            case 5:
                file.InsertRange(random.Next(file.Count), file.GetRange(at, length));
                break;
            case 6:
                var noise = new byte[length];
                random.NextBytes(noise);
                file.InsertRange(at, noise);
                break;
            case 7:
                // What another file of any format holds there.
                var other = s_seeds[random.Next(s_seeds.Length)].Value;
                var from = random.Next(other.Length);
                file.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)));
                break;
            default:
                if (random.Next(4) == 0)
                {
                    file.RemoveRange(at, file.Count - at);
                }
                else
                {
                    Fill(file, at, length, random.Next(2) == 0 ? (byte)0 : (byte)0xFF);
                }

                break;
        }
    }

    private static void Write(List<byte> file, int at, uint value, int size, bool bigEndian)
    {
        for (var i = 0; i < size && at + i < file.Count; i++)
        {
            file[at + i] = (byte)(value >> (8 * (bigEndian ? size - 1 - i : i)));
        }
    }

    private static void Fill(List<byte> file, int at, int length, byte value)
    {
        for (var i = at; i < at + length; i++)
        {
            file[i] = value;
        }
    }
}
