using System.Numerics;

namespace Pipeline.Jobs.Duplicates;

/// <summary>
/// Finds hashes that differ in few bits without comparing all: of four parts of 16 bits, hashes that differ in up to 3 bits have one in common,
/// and those that differ in up to 7 have one that differs in a single bit.
/// </summary>
/// <param name="maxBits">0 to 7.</param>
internal sealed class NearHashes(int maxBits)
{
    private const int Parts = 4;
    private const int PartBits = 16;

    private readonly List<int>?[] buckets = new List<int>?[Parts << PartBits];
    private readonly List<(ulong Hash, UInt128 Group, int Value)> known = [];

    /// <summary>The value that was added first of those whose hash is near, in the same group; or null.</summary>
    public int? Find(ulong hash, UInt128 group)
    {
        var first = int.MaxValue;
        for (var part = 0; part < Parts; part++)
        {
            var bits = PartOf(hash, part);
            LookInto(part, bits, hash, group, ref first);
            for (var bit = 0; bit < PartBits && maxBits >= Parts; bit++)
            {
                LookInto(part, bits ^ (1 << bit), hash, group, ref first);
            }
        }

        return first == int.MaxValue ? null : known[first].Value;
    }

    public void Add(ulong hash, UInt128 group, int value)
    {
        for (var part = 0; part < Parts; part++)
        {
            (buckets[(part << PartBits) | PartOf(hash, part)] ??= []).Add(known.Count);
        }

        known.Add((hash, group, value));
    }

    private void LookInto(int part, int bits, ulong hash, UInt128 group, ref int first)
    {
        foreach (var index in buckets[(part << PartBits) | bits] ?? [])
        {
            if (index >= first)
            {
                // A bucket's hashes are in the order in which they came.
                return;
            }

            if (BitOperations.PopCount(known[index].Hash ^ hash) <= maxBits && known[index].Group == group)
            {
                first = index;
            }
        }
    }

    private static int PartOf(ulong hash, int part) => (int)(hash >> (part * PartBits)) & ((1 << PartBits) - 1);
}
