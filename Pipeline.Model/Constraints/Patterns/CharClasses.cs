namespace Pipeline.Model.Constraints.Patterns;

/// <summary>Sets of characters that patterns name. Each is a part of what .NET's regular expressions mean by it, so that whatever matches here matches there.</summary>
internal static class CharClasses
{
    /// <summary>Text of the basic plane without control characters, surrogates and line ends.</summary>
    private static readonly CharRange[] s_text = [new('\t', '\t'), new(' ', '~'), new('\u00A0', '\uD7FF'), new('\uE000', '\uFFFD')];

    private static readonly CharRange[] s_ascii = [new(' ', '~')];

    /// <summary><c>.</c></summary>
    public static IReadOnlyList<CharRange> Any => s_text;

    /// <summary>What <c>\d \w \s</c> stand for in ASCII, and what their capitals do in printable ASCII; null for another letter.</summary>
    public static IReadOnlyList<CharRange>? Named(char letter) => letter switch
    {
        'd' => [new('0', '9')],
        'w' => [new('0', '9'), new('A', 'Z'), new('_', '_'), new('a', 'z')],
        's' => [new('\t', '\n'), new('\r', '\r'), new(' ', ' ')],
        'D' or 'W' or 'S' => Without(s_ascii, Named(char.ToLowerInvariant(letter))!),
        _ => null,
    };

    /// <summary><c>[^…]</c></summary>
    public static IReadOnlyList<CharRange> Except(IReadOnlyList<CharRange> excluded) => Without([.. s_text, new('\n', '\n')], excluded);

    private static List<CharRange> Without(IReadOnlyList<CharRange> ranges, IReadOnlyList<CharRange> excluded)
    {
        List<CharRange> left = [.. ranges];
        foreach (CharRange hole in excluded)
        {
            left = [.. left.SelectMany(range => Cut(range, hole))];
        }

        return left;
    }

    private static IEnumerable<CharRange> Cut(CharRange range, CharRange hole)
    {
        if (hole.Last < range.First || hole.First > range.Last)
        {
            yield return range;
            yield break;
        }

        if (hole.First > range.First)
        {
            yield return new CharRange(range.First, (char)(hole.First - 1));
        }

        if (hole.Last < range.Last)
        {
            yield return new CharRange((char)(hole.Last + 1), range.Last);
        }
    }
}
