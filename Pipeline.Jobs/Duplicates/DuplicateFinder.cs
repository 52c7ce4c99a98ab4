using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Duplicates;

/// <summary>
/// Tells images that came before. The first of a kind is the one that stands first in the plan; images are compared with such firsts alone, so no
/// duplicate is named as the original of another. Rows that ask something else of an image are no duplicates of each other.
/// </summary>
/// <remarks>Holds the key and some 100 bytes of every first.</remarks>
internal sealed class DuplicateFinder(DuplicateSpec spec)
{
    private readonly Dictionary<(UInt128 Content, UInt128 Asked), int> contents = [];
    private readonly NearHashes looks = new(spec.MaxBits);
    private readonly List<string> firsts = [];

    /// <summary>Of which image this is a duplicate; null if it is the first of its kind, which is remembered.</summary>
    public Duplicate? Find(PlannedImage image, ImageFingerprint fingerprint)
    {
        var asked = HashOf(image);
        if (contents.TryGetValue((fingerprint.Content, asked), out var same))
        {
            return new Duplicate(firsts[same], DuplicateKind.Exact);
        }

        if (spec.Find is DuplicateKind.Near && fingerprint.Look is { } look)
        {
            if (looks.Find(look, asked) is { } near)
            {
                // The next of the same bytes is of the same original, and said to be so for the same reason.
                return new Duplicate(firsts[near], DuplicateKind.Near);
            }

            looks.Add(look, asked, firsts.Count);
        }

        contents.Add((fingerprint.Content, asked), firsts.Count);
        firsts.Add(image.Key);
        return null;
    }

    private static UInt128 HashOf(PlannedImage image) => image is { Columns: null, Questions: null }
        ? UInt128.Zero
        : BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Columns}\0{image.Questions}")));
}
