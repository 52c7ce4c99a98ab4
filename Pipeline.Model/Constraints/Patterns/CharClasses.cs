using System.Globalization;

namespace Pipeline.Model.Constraints.Patterns;

/// <summary>Sets of characters that patterns name. Each is a part of what .NET's regular expressions mean by it, so that whatever matches here matches there.</summary>
internal static class CharClasses
{
    /// <summary>Text of the basic plane without control characters, surrogates and line ends.</summary>
    private static readonly CharRange[] s_text = [new('\t', '\t'), new(' ', '~'), new('\u00A0', '\uD7FF'), new('\uE000', '\uFFFD')];

    private static readonly CharRange[] s_ascii = [new(' ', '~')];

    private static readonly Lazy<List<CharRange>> s_digits = new(() => RangesOf(char.IsDigit));
    private static readonly Lazy<List<CharRange>> s_whiteSpace = new(() => RangesOf(char.IsWhiteSpace));
    private static readonly Lazy<List<CharRange>> s_wordCharacters = new(() => RangesOf(IsWordCharacter));

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

    /// <summary>
    /// What <c>\d \w \s</c> and their capitals take away inside <c>[^…]</c>: at least all that they mean in .NET, so that what is left
    /// matches there; null for another letter. <c>[^\s]</c> has no no-break space, and <c>[^\D]</c> is 0 to 9.
    /// </summary>
    public static IReadOnlyList<CharRange>? NamedInNegation(char letter) => letter switch
    {
        'd' => s_digits.Value,
        'w' => s_wordCharacters.Value,
        's' => s_whiteSpace.Value,
        'D' or 'W' or 'S' => Without([new('\0', '\uFFFF')], Named(char.ToLowerInvariant(letter))!),
        _ => null,
    };

    /// <summary><c>[^…]</c></summary>
    public static IReadOnlyList<CharRange> Except(IReadOnlyList<CharRange> excluded) => Without([.. s_text, new('\n', '\n')], excluded);

    /// <summary>Letters, marks, digits, connectors and joiners.</summary>
    private static bool IsWordCharacter(char value) => char.IsLetter(value) || value is '\u200C' or '\u200D' || char.GetUnicodeCategory(value) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;

    private static List<CharRange> RangesOf(Func<char, bool> holds)
    {
        List<CharRange> ranges = [];
        foreach (char value in Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(holds))
        {
            if (ranges is [.., var last] && last.Last == value - 1)
            {
                ranges[^1] = last with { Last = value };
            }
            else
            {
                ranges.Add(new CharRange(value, value));
            }
        }

        return ranges;
    }

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
