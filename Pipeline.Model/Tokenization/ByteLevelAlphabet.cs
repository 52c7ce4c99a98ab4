namespace Pipeline.Model.Tokenization;

/// <summary>GPT-2's printable stand-ins for the 256 bytes, in which <c>tokenizer.json</c> spells byte-level entries.</summary>
/// <remarks>Printable Latin-1 stands for itself; the other bytes are U+0100 and up, in their order (openai/gpt-2, <c>bytes_to_unicode</c>).</remarks>
internal static class ByteLevelAlphabet
{
    private static readonly char[] s_charOf = BuildTable();
    private static readonly Dictionary<char, byte> s_byteOf = s_charOf.Select((letter, value) => (letter, value)).ToDictionary(pair => pair.letter, pair => (byte)pair.value);

    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[i] = s_charOf[bytes[i]];
        }

        return new string(text);
    }

    /// <exception cref="InvalidDataException">A character stands for no byte.</exception>
    public static byte[] ToBytes(string text) =>
        [.. text.Select(letter => s_byteOf.TryGetValue(letter, out byte value) ? value : throw new InvalidDataException($"'{letter}' in the entry '{text}' stands for no byte"))];

    private static char[] BuildTable()
    {
        var table = new char[256];
        char next = (char)256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            table[value] = printable ? (char)value : next++;
        }

        return table;
    }
}
