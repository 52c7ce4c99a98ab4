using System.Buffers.Binary;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Damages bytes at random: the same generator gives the same damage.</summary>
internal static class Mutations
{
    private static readonly long[] s_interesting =
    [
        0, 1, -1, 2, 4, 7, 8, 9, 16, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 16 << 20, 100_000_000, 100_000_001, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32,
        long.MaxValue, long.MinValue, long.MaxValue - 7, 1L << 62, 1L << 53,
    ];

    public static long InterestingNumber(Random random) => s_interesting[random.Next(s_interesting.Length)];

    /// <summary>One to four of: a flipped bit, another byte, a cut, inserted bytes, removed bytes, repeated bytes, an interesting integer.</summary>
    public static byte[] Damage(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 17), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    byte[] noise = new byte[length];
                    random.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    break;
                case 4:
                    bytes.RemoveRange(at, length);
                    break;
                case 5:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    Splice(bytes, at, InterestingNumber(random), random.Next(3) switch { 0 => 2, 1 => 4, _ => 8 });
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Splice(List<byte> bytes, int at, long number, int size)
    {
        Span<byte> little = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(little, number);
        for (int i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = little[i];
        }
    }
}
