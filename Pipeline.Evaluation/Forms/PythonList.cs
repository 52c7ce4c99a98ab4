using System.Text;

namespace Pipeline.Evaluation.Forms;

/// <summary>A list of texts as Python prints it: <c>['a', "it's"]</c>.</summary>
internal static class PythonList
{
    /// <returns>Null: no such list.</returns>
    public static IReadOnlyList<string>? Parse(string text)
    {
        string trimmed = text.Trim();
        if (!trimmed.StartsWith('[') || !trimmed.EndsWith(']'))
        {
            return null;
        }

        List<string> items = [];
        int at = 1;
        while (true)
        {
            while (at < trimmed.Length - 1 && (char.IsWhiteSpace(trimmed[at]) || trimmed[at] == ','))
            {
                at++;
            }

            if (at >= trimmed.Length - 1)
            {
                return items;
            }

            if (trimmed[at] is not ('\'' or '"') || Quoted(trimmed, ref at) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }
    }

    private static string? Quoted(string text, ref int at)
    {
        StringBuilder item = new();
        char quote = text[at++];
        for (; at < text.Length - 1; at++)
        {
            if (text[at] == quote)
            {
                at++;
                return item.ToString();
            }

            item.Append(text[at] == '\\' ? text[++at] switch { 'n' => '\n', 't' => '\t', var other => other } : text[at]);
        }

        return null;
    }
}
