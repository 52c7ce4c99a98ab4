using System.Globalization;
using Pipeline.Jobs.Statistics;
using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>Shows a dataset's statistics.</summary>
internal static class StatisticsTables
{
    private const int LongestText = 60;
    private const int MostAnswers = 10;

    public static void Show(Terminal terminal, DatasetStatistics statistics)
    {
        var numbers = new Table().Border(TableBorder.Rounded).AddColumns("", "count", "least", "mean", "most");
        foreach (var (name, summary) in Numbers(statistics).Where(number => number.Summary.Count > 0))
        {
            numbers.AddRow(
                Markup.Escape(name), Words.Count(summary.Count), Number(summary.Min), Number(summary.Mean()), Number(summary.Max));
        }

        terminal.Out.Write(numbers);
        var scored = statistics.Labels.Where(label => label.Answers.Count > 0).ToList();
        if (scored.Count > 0)
        {
            terminal.Out.Write(Answers(scored));
        }
    }

    public static IEnumerable<(string Name, NumberSummary Summary)> Numbers(DatasetStatistics statistics) =>
    [
        ("image width, pixels", statistics.Width),
        ("image height, pixels", statistics.Height),
        ("caption, characters", statistics.CaptionCharacters),
        ("caption, tokens", statistics.CaptionTokens),
        .. statistics.Labels.SelectMany(label => new[]
        {
            ($"{label.QuestionId}, number", label.Values),
            ($"{label.QuestionId}, characters", label.Characters),
            ($"{label.QuestionId}, confidence", label.Confidence),
        }),
    ];

    public static string Number(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static Table Answers(List<LabelStatistics> labels)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("question", "answer", "images", "share");
        foreach (var label in labels)
        {
            foreach (var (answer, count) in label.Answers.Take(MostAnswers))
            {
                table.AddRow(
                    Markup.Escape(label.QuestionId), Markup.Escape(Words.Excerpt(answer, LongestText)), Words.Count(count),
                    ((double)count / label.Count).ToString("0 %", CultureInfo.InvariantCulture));
            }

            if (label.Answers.Count > MostAnswers)
            {
                table.AddRow(Markup.Escape(label.QuestionId), $"{label.Answers.Count - MostAnswers} others", Words.Count(label.Answers.Values.Skip(MostAnswers).Sum()), "");
            }
        }

        return table;
    }
}
