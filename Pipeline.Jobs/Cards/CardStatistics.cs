using System.Globalization;
using System.Text;
using Pipeline.Jobs.Statistics;

namespace Pipeline.Jobs.Cards;

/// <summary>The statistics of a card.</summary>
internal static class CardStatistics
{
    /// <summary>Most answers of a question that are listed.</summary>
    private const int MostAnswers = 20;

    public static string Write(DatasetStatistics statistics)
    {
        var page = new StringBuilder("## Statistics\n\n| | count | least | mean | most |\n|---|---:|---:|---:|---:|\n");
        Append(page, "Image width, pixels", statistics.Width);
        Append(page, "Image height, pixels", statistics.Height);
        Append(page, "Caption, characters", statistics.CaptionCharacters);
        Append(page, "Caption, tokens", statistics.CaptionTokens);
        foreach (var label in statistics.Labels)
        {
            Append(page, $"{CardText.Code(label.QuestionId)}, number", label.Values);
            Append(page, $"{CardText.Code(label.QuestionId)}, characters", label.Characters);
            Append(page, $"{CardText.Code(label.QuestionId)}, confidence", label.Confidence);
        }

        page.Append('\n');
        Append(page, "Image formats", "format", "images", statistics.Formats);
        foreach (var label in statistics.Labels)
        {
            Append(page, $"Answers to {CardText.Code(label.QuestionId)}", "answer", "images", label.Answers);
        }

        Append(page, "Duplicates of earlier images", "kind", "images", statistics.Duplicates);
        Append(page, "Captions with a defect", "defect", "captions", statistics.CaptionDefects);
        Append(page, "Failures", "error code", "images", statistics.Failures);
        return page.ToString();
    }

    private static void Append(StringBuilder page, string name, NumberSummary numbers)
    {
        if (numbers.Count > 0)
        {
            page.Append($"| {name} | {numbers.Count:N0} | {Shown(numbers.Min)} | {Shown(numbers.Mean())} | {Shown(numbers.Max)} |\n");
        }
    }

    private static void Append(StringBuilder page, string title, string name, string counted, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }

        page.Append($"### {title}\n\n| {name} | {counted} |\n|---|---:|\n");
        foreach (var (word, count) in counts.Take(MostAnswers))
        {
            page.Append($"| {CardText.Cell(word)} | {count:N0} |\n");
        }

        if (counts.Count > MostAnswers)
        {
            page.Append($"| {counts.Count - MostAnswers} others | {counts.Values.Skip(MostAnswers).Sum():N0} |\n");
        }

        page.Append('\n');
    }

    private static string Shown(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);
}
