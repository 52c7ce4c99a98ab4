using System.Buffers.Binary;
using System.IO.Hashing;

namespace Pipeline.Model.Sampling;

/// <summary>Random numbers that depend on a seed and a position alone: the batch, the order of arrival and a step run twice change nothing.</summary>
internal static class SeededUniform
{
    /// <returns>0 ≤ x &lt; 1</returns>
    public static double At(long seed, int position)
    {
        Span<byte> key = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(key, seed);
        BinaryPrimitives.WriteInt32LittleEndian(key[8..], position);
        return (XxHash3.HashToUInt64(key) >> 11) * (1.0 / (1UL << 53));
    }
}
