using System.Globalization;
using System.Text;
using Pipeline.Jobs.Rows;

namespace Pipeline.Jobs.Cards;

/// <summary>The sample rows of a card.</summary>
internal static class CardSamples
{
    private const int LongestText = 300;

    public static string Write(IReadOnlyList<CardSample> samples)
    {
        var page = new StringBuilder("## Some of the rows\n\n| image | caption and labels |\n|---|---|\n");
        foreach (var (row, thumbnail) in samples)
        {
            page.Append($"| {(thumbnail is null ? "" : $"![]({thumbnail})<br>")}{CardText.Cell(row.Id, LongestText)} | {string.Join("<br>", Lines(row))} |\n");
        }

        return page.Append('\n').ToString();
    }

    private static IEnumerable<string> Lines(AnnotationRow row)
    {
        if (row.Caption is { } caption)
        {
            yield return CardText.Cell(caption.Text, LongestText);
        }

        foreach (var label in row.Labels)
        {
            var confidence = label.Confidence is { } probability ? $" ({probability.ToString("0 %", CultureInfo.InvariantCulture)})" : "";
            yield return $"{CardText.Code(label.QuestionId)}: {CardText.Cell(label.Answer, LongestText)}{confidence}";
        }
    }
}
