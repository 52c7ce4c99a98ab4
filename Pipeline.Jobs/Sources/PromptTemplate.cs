using System.Text;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Sources;

/// <summary>A prompt with <c>{column}</c> for what a row has there; <c>{{</c> and <c>}}</c> stand for braces.</summary>
internal sealed class PromptTemplate
{
    private readonly IReadOnlyList<(string Text, bool IsColumn)> parts;

    private PromptTemplate(IReadOnlyList<(string, bool)> parts) => this.parts = parts;

    public IEnumerable<string> Columns => parts.Where(part => part.IsColumn).Select(part => part.Text).Distinct();

    /// <summary>Columns that any prompt of a job names; none where the source has no columns.</summary>
    public static IReadOnlyList<string> ColumnsOf(JobSpec spec) => spec.FormatOf() is SourceFormat.Images
        ? []
        : [.. TextsOf(spec).SelectMany(text => TryParse(text, out var template, out _) ? template!.Columns : []).Distinct()];

    /// <summary>False with what is wrong and the mend.</summary>
    public static bool TryParse(string text, out PromptTemplate? template, out string? fault)
    {
        List<(string, bool)> parts = [];
        var literal = new StringBuilder();
        (template, fault) = (null, null);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                literal.Append(text[i++]);
            }
            else if (text[i] == '{' && text.IndexOfAny(['{', '}'], i + 1) is var end && end > i + 1 && text[end] == '}')
            {
                parts.Add((literal.ToString(), false));
                literal.Clear();
                parts.Add((text[(i + 1)..end].Trim(), true));
                i = end;
            }
            else if (text[i] is '{' or '}')
            {
                fault = $"The brace at character {i + 1} stands alone: write {{column}} for a column of the source, or {{{{ and }}}} for braces.";
                return false;
            }
            else
            {
                literal.Append(text[i]);
            }
        }

        parts.Add((literal.ToString(), false));
        template = new PromptTemplate(parts);
        return true;
    }

    /// <summary>The text with the columns' values. All of <see cref="Columns"/> are there: rows that lack one are failures of the plan.</summary>
    /// <exception cref="FormatException">It is no template; validation has seen to that.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, string> columns) => TryParse(text, out var template, out var fault)
        ? string.Concat(template!.parts.Select(part => part.IsColumn ? columns[part.Text] : part.Text))
        : throw new FormatException(fault);

    private static IEnumerable<string> TextsOf(JobSpec spec) =>
        [.. spec.Caption is { } caption ? [caption] : Array.Empty<string>(), .. spec.Questions.Select(question => question.Text)];
}
