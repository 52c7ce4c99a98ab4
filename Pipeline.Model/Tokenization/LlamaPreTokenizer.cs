using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Pipeline.Model.Tokenization;

/// <summary>Cuts text into the pieces within which Llama 3 merges bytes.</summary>
/// <remarks>
/// .NET's regular expressions see UTF-16 units, those of Hugging Face code points: to them "𝔘" is one letter, here it would be two
/// symbols. So the pattern is matched against a copy in which one character of the same class stands for each such code point.
/// </remarks>
internal sealed partial class LlamaPreTokenizer : PreTokenizer
{
    /// <summary>The one pattern supported, as tokenizer.json writes it.</summary>
    public const string Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // A letter that folds to 's' when case is ignored, everywhere but in .NET.
    private const char LongS = 'ſ';
    private const char OtherLetter = 'ª';
    private const char OtherNumber = '²';
    private const char OtherSymbol = '§';

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hasAstral = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        return hasAstral || text.Contains(LongS) ? CutAstral(text) : Cut(text);
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private static IEnumerable<(int Offset, int Length)> Cut(string text)
    {
        for (var match = Pieces().Match(text); match.Success; match = match.NextMatch())
        {
            yield return (match.Index, match.Length);
        }
    }

    private static IEnumerable<(int Offset, int Length)> CutAstral(string text)
    {
        var offset = 0;
        foreach (var piece in Cut(StandIn(text)))
        {
            var end = offset;
            for (var i = 0; i < piece.Length; i++)
            {
                end += char.IsSurrogatePair(text, end) ? 2 : 1;
            }

            yield return (offset, end - offset);
            offset = end;
        }
    }

    private static string StandIn(string text)
    {
        var copy = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            copy.Append(rune switch
            {
                { Value: LongS } => 's',
                { IsBmp: true } => (char)rune.Value,
                _ when Rune.IsLetter(rune) => OtherLetter,
                _ when IsNumber(Rune.GetUnicodeCategory(rune)) => OtherNumber,
                _ => OtherSymbol,
            });
        }

        return copy.ToString();
    }

    private static bool IsNumber(UnicodeCategory category) =>
        category is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
