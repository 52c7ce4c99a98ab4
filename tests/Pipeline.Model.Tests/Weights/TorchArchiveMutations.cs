using System.IO.Compression;
using System.Text;

namespace Pipeline.Model.Tests.Weights;

/// <summary>Damaged files of torch.save: at random, with sound zips around damaged pickles, and with entries doubled, swapped, renamed or compressed.</summary>
internal static class TorchArchiveMutations
{
    private static readonly byte[][] s_originals = [.. Enumerable.Range(2, 4).Select(protocol => StateDictPickles.File(protocol).Build())];

    private static readonly byte[][] s_pieces =
    [
        .. new[]
        {
            "cos\nsystem\n", "ctorch\nFloatStorage\n", "ctorch\nDoubleStorage\n", "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n",
            "I4611686018427387904\n", "I-1\n", "X\xff\xff\xff\x7f", "X\xff\xff\xff\xff", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "\x8a\xff", "(((((((((",
            "}}}}}}", "h\0h\0\x86", "h\0h\0h\0\x87", "j\xff\xff\xff\xff", "r\xff\xff\xff\x7f", "tR", ")R", "u", "e", "b", ".",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[] s_opcodes =
        [.. "\x80\x95}])(N\x88\x89KMJ\x8aIGX\x8cqr\x94hjt\x85\x86\x87suae0c\x93QRb.12BCFLPSTUVdgilop\x81\x8b\x8d\x92\x96"u8.ToArray().Where(letter => letter != 0xc2)];

    public static byte[] Mutate(Random random) => random.Next(3) switch
    {
        0 => Mutations.Damage(s_originals[random.Next(4)], random),
        1 => StateDictPickles.File(2).Replace("data.pkl", DamagedPickle(random)).Build(),
        _ => Rearranged(random),
    };

    private static byte[] DamagedPickle(Random random)
    {
        byte[] original = StateDictPickles.Pickle(random.Next(2, 6));
        switch (random.Next(3))
        {
            case 0:
                return Mutations.Damage(original, random);
            case 1:
                original[random.Next(original.Length)] = s_opcodes[random.Next(s_opcodes.Length)];
                return original;
            default:
                int at = random.Next(original.Length);
                byte[] piece = s_pieces[random.Next(s_pieces.Length)];
                return [.. original[..at], .. Enumerable.Repeat(piece, random.Next(1, 20)).SelectMany(bytes => bytes), .. original[at..]];
        }
    }

    private static byte[] Rearranged(Random random)
    {
        TorchArchiveBuilder file = StateDictPickles.File(random.Next(2, 6));
        var entries = file.Entries;
        int chosen = random.Next(entries.Count), other = random.Next(entries.Count);
        var (name, content, level) = entries[chosen];
        switch (random.Next(6))
        {
            case 0:
                entries.Insert(other, entries[chosen]);
                break;
            case 1:
                (entries[chosen], entries[other]) = (entries[other], entries[chosen]);
                break;
            case 2:
                entries[chosen] = (entries[other].Name, content, level);
                break;
            case 3:
                entries[chosen] = (name, content, CompressionLevel.Optimal);
                break;
            case 4:
                entries[chosen] = (name, entries[other].Content, level);
                break;
            default:
                entries[chosen] = (name, Mutations.Damage(content, random), level);
                break;
        }

        return random.Next(2) == 0 ? file.Build() : Mutations.Damage(file.Build(), random);
    }
}
