using System.Globalization;

namespace Pipeline.Model.Constraints.Patterns;

/// <summary>Reads the part of .NET's regular expressions that says what a text looks like, and refuses the rest by name.</summary>
/// <remarks>
/// Literals, <c>.</c>, classes, <c>\d \w \s</c> and their capitals, groups, <c>|</c>, <c>* + ? {n} {n,} {n,m}</c> (a lazy <c>?</c> behind them
/// changes nothing), <c>^</c> at the beginning and <c>$</c> at the end. No look-around, back-references, word borders, inline options or Unicode
/// categories: the first four need more than a finite automaton, or more than the text itself.
/// </remarks>
internal sealed class PatternParser
{
    /// <summary>Most repetitions that may be counted out.</summary>
    private const int MostCounted = 1_000;

    private const string Plain = @"\.[]{}()*+?^$|/-#&~@!%,:;=<>_'"" ";

    private readonly string _pattern;
    private int _at;

    private PatternParser(string pattern) => _pattern = pattern;

    /// <exception cref="PatternException">Says what can't be used, and where.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        parser.Take('^');
        PatternNode whole = parser.Choice();
        return parser._at == pattern.Length ? whole : throw parser.Fault("there is a ')' without a '('");
    }

    private bool AtEnd => _at == _pattern.Length;

    private PatternNode Choice()
    {
        List<PatternNode> options = [Sequence()];
        while (Take('|'))
        {
            options.Add(Sequence());
        }

        return options is [var only] ? only : new PatternNode.Choice(options);
    }

    private PatternNode.Sequence Sequence()
    {
        List<PatternNode> parts = [];
        while (!AtEnd && _pattern[_at] is not ('|' or ')'))
        {
            if (_pattern[_at] == '$' && _at == _pattern.Length - 1)
            {
                _at++;
                break;
            }

            parts.Add(Quantified(Atom()));
        }

        return new PatternNode.Sequence(parts);
    }

    private PatternNode Quantified(PatternNode atom)
    {
        int start = _at;
        (int Minimum, int? Maximum)? times = AtEnd ? null : _pattern[_at] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => Counted(),
            _ => null,
        };
        if (times is not { } found)
        {
            return atom;
        }

        _at += _pattern[start] == '{' ? 0 : 1;
        Take('?');
        return !AtEnd && _pattern[_at] is '*' or '+' or '{'
            ? throw Fault("a repetition stands behind a repetition; put a group around the first")
            : new PatternNode.Repeat(atom, found.Minimum, found.Maximum);
    }

    private (int Minimum, int? Maximum) Counted()
    {
        int start = _at, end = _pattern.IndexOf('}', _at);
        string[] numbers = end < 0 ? [] : _pattern[(start + 1)..end].Split(',');
        if (numbers.Length is not (1 or 2) || !TryCount(numbers[0], out int minimum))
        {
            throw Fault("a '{' begins no {n}, {n,} or {n,m}; write \\{ for the character");
        }

        int? maximum = minimum;
        if (numbers.Length == 2)
        {
            maximum = numbers[1].Length == 0 ? null : TryCount(numbers[1], out int most) ? most : throw Fault("what stands behind the ',' is no number");
        }

        if (maximum < minimum)
        {
            throw Fault($"{{{minimum},{maximum}}} has its numbers in the wrong order");
        }

        _at = end + 1;
        return (minimum, maximum) is ( <= MostCounted, null or <= MostCounted) ? (minimum, maximum) : throw Fault($"more than {MostCounted} repetitions are counted");
    }

    private static bool TryCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private PatternNode Atom()
    {
        char next = _pattern[_at];
        switch (next)
        {
            case '(':
                return Group();
            case '[':
                return new PatternNode.Characters(Class());
            case '.':
                _at++;
                return new PatternNode.Characters(CharClasses.Any);
            case '\\':
                return new PatternNode.Characters(Escape());
            case '*' or '+' or '?' or '{':
                throw Fault($"there is nothing before '{next}' to repeat; write \\{next} for the character");
            case '^' or '$':
                throw Fault($"'{next}' stands inside; the whole answer is matched anyway, and \\{next} is the character");
            default:
                _at++;
                return Literal(next);
        }
    }

    private PatternNode Group()
    {
        int start = _at++;
        if (Take('?') && !Take(':'))
        {
            throw Fault("only (…) and (?:…) are known of groups");
        }

        PatternNode inside = Choice();
        if (!Take(')'))
        {
            _at = start;
            throw Fault("a '(' has no ')'");
        }

        return inside;
    }

    private IReadOnlyList<CharRange> Class()
    {
        int start = _at++;
        bool negated = Take('^');
        List<CharRange> ranges = [];
        for (bool first = true; ; first = false)
        {
            if (AtEnd)
            {
                _at = start;
                throw Fault("a '[' has no ']'");
            }

            if (_pattern[_at] == ']' && !first)
            {
                _at++;
                return negated ? CharClasses.Except(ranges) : ranges;
            }

            ranges.AddRange(ClassPart(negated, first));
        }
    }

    private IReadOnlyList<CharRange> ClassPart(bool negated, bool first)
    {
        ThrowIfSubtraction(first);
        int start = _at;
        IReadOnlyList<CharRange> from = ClassAtom(negated);
        ThrowIfSubtraction(first: false);
        if (AtEnd || _pattern[_at] != '-' || _at + 1 >= _pattern.Length || _pattern[_at + 1] == ']')
        {
            return from;
        }

        _at++;
        IReadOnlyList<CharRange> to = ClassAtom(negated);
        if (from is not [var low] || to is not [var high] || low.First != low.Last || high.First != high.Last || high.First < low.First)
        {
            _at = start;
            throw Fault("a range goes from no character, or backwards");
        }

        return [new CharRange(low.First, high.First)];
    }

    private void ThrowIfSubtraction(bool first)
    {
        if (!first && _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] == '[')
        {
            throw Fault("a class is taken from another, which is not known; list what is left, or write \\- for the character");
        }
    }

    private IReadOnlyList<CharRange> ClassAtom(bool negated)
    {
        if (_pattern[_at] == '\\')
        {
            return Escape(negated);
        }

        if (_pattern[_at] == '[' && _at + 1 < _pattern.Length && _pattern[_at + 1] == ':')
        {
            throw Fault("named classes such as [:alpha:] are not known");
        }

        return Literal(_pattern[_at++]).Ranges;
    }

    private IReadOnlyList<CharRange> Escape(bool negated = false)
    {
        if (++_at == _pattern.Length)
        {
            _at--;
            throw Fault("a '\\' stands at the end");
        }

        char letter = _pattern[_at++];
        if ((negated ? CharClasses.NamedInNegation(letter) : CharClasses.Named(letter)) is { } named)
        {
            return named;
        }

        char value = letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'x' => Hexadecimal(2),
            'u' => Hexadecimal(4),
            _ when Plain.Contains(letter) => letter,
            _ => Unknown(letter),
        };
        return Literal(value).Ranges;
    }

    private char Unknown(char letter)
    {
        _at -= 2;
        throw Fault($"\\{letter} is not known; known are \\d \\w \\s \\D \\W \\S \\n \\r \\t \\xHH \\uHHHH and punctuation");
    }

    private char Hexadecimal(int digits)
    {
        if (_at + digits > _pattern.Length || !ushort.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
        {
            throw Fault($"{digits} hexadecimal digits should stand");
        }

        _at += digits;
        return (char)value;
    }

    private PatternNode.Characters Literal(char value)
    {
        if (char.IsSurrogate(value))
        {
            _at--;
            throw Fault("a character beyond U+FFFF stands; tokens rarely hold one whole");
        }

        return new PatternNode.Characters([new CharRange(value, value)]);
    }

    private bool Take(char expected)
    {
        if (AtEnd || _pattern[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    private PatternException Fault(string reason) => new(_pattern, _at, reason);
}
