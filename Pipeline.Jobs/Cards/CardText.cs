using System.Net;
using System.Text;

namespace Pipeline.Jobs.Cards;

/// <summary>Text of people and models inside a Markdown page, where it must be text and nothing else.</summary>
internal static class CardText
{
    private const string Special = @"\`*_{}[]()#+!|~$@:";

    /// <summary>One line, as it stands: neither Markdown nor HTML is left in it, nor a link that a page would make of an address.</summary>
    public static string Cell(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var escaped = new StringBuilder();
        foreach (var rune in line.EnumerateRunes())
        {
            escaped.Append(
                Rune.IsControl(rune) ? "\ufffd"
                : rune.IsAscii && Special.Contains((char)rune.Value, StringComparison.Ordinal) ? $"\\{rune}"
                : rune.IsAscii ? WebUtility.HtmlEncode(rune.ToString())
                : rune.ToString());
        }

        return escaped.ToString();
    }

    /// <summary>At most so many characters of it.</summary>
    public static string Cell(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return Cell(text);
        }

        // Not through the middle of an emoji.
        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return Cell(text[..end]) + "…";
    }

    /// <summary>Inline code; for names, which hold no backticks.</summary>
    public static string Code(string name) => $"`{name.Replace('`', '\'')}`";

    /// <summary>A block of text with its line breaks, behind more backticks than it holds.</summary>
    public static string Block(string text)
    {
        var fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        return $"{fence}text\n{text.ReplaceLineEndings("\n")}\n{fence}\n";
    }
}
