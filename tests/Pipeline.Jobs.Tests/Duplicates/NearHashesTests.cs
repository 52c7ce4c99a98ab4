using System.Numerics;
using Pipeline.Jobs.Duplicates;

namespace Pipeline.Jobs.Tests.Duplicates;

public sealed class NearHashesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void What_is_found_is_what_comparing_with_all_finds(int maxBits)
    {
        var random = new Random(maxBits);
        var near = new NearHashes(maxBits);
        List<(ulong Hash, UInt128 Group)> added = [];
        var found = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var hash = added.Count == 0 || random.Next(3) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : Flip(added[random.Next(added.Count)].Hash, random.Next(10), random);
            var group = (UInt128)random.Next(2);
            var expected = added.FindIndex(other => BitOperations.PopCount(other.Hash ^ hash) <= maxBits && other.Group == group);

            Assert.Equal(expected < 0 ? null : expected, near.Find(hash, group));

            if (expected < 0)
            {
                near.Add(hash, group, added.Count);
                added.Add((hash, group));
            }
            else
            {
                found++;
            }
        }

        Assert.InRange(found, 100, 3_500);
    }

    private static ulong Flip(ulong hash, int bits, Random random) =>
        Enumerable.Range(0, bits).Aggregate(hash, (flipped, _) => flipped ^ (1UL << random.Next(64)));
}
