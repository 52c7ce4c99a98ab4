using System.Collections.Frozen;
using System.Text;

namespace Pipeline.Model.Tokenization;

/// <summary>GPT-2's alphabet: one printable character for each byte, in which byte-level vocabularies are written down.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();

    private static readonly FrozenDictionary<char, byte> Bytes =
        Enumerable.Range(0, 256).ToFrozenDictionary(b => Characters[b], b => (byte)b);

    /// <summary>The character that stands for <paramref name="value"/>.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>Bytes of a vocabulary entry; false where it holds a character outside the alphabet.</summary>
    public static bool TryGetBytes(string entry, out byte[] bytes)
    {
        bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
        {
            if (!Bytes.TryGetValue(entry[i], out bytes[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes that a token decodes to: one outside the alphabet (an added token) stands for its own UTF-8.</summary>
    public static byte[] Decode(string token) => TryGetBytes(token, out var bytes) ? bytes : Encoding.UTF8.GetBytes(token);

    // Printable Latin-1 stands for itself; the others follow from U+0100 on, in byte order.
    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var b = 0; b < characters.Length; b++)
        {
            var printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[b] = printable ? (char)b : (char)next++;
        }

        return characters;
    }
}
