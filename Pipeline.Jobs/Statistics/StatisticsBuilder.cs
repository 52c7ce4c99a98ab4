using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Rows;

namespace Pipeline.Jobs.Statistics;

/// <summary>Counts rows, or adds up what was counted of parts. Memory depends on the questions and their choices alone.</summary>
public sealed class StatisticsBuilder
{
    private readonly CountTable failures = new();
    private readonly CountTable duplicates = new();
    private readonly CountTable formats = new();
    private readonly CountTable defects = new();
    private readonly Dictionary<string, LabelCounts> labels = [];
    private long rows, reused;
    private NumberSummary width, height, characters, tokens;

    public void Add(AnnotationRow row, bool isReused = false)
    {
        rows++;
        reused += isReused ? 1 : 0;
        if (row.Failure is { } failure)
        {
            failures.Add(RowFailures.CodeOf(failure));
        }

        if (row.Duplicate is { } duplicate)
        {
            duplicates.Add(DuplicateKinds.NameOf(duplicate.Kind));
        }

        if (row.Format is { } format)
        {
            formats.Add(format);
        }

        width = row.Width is { } pixels ? width.With(pixels) : width;
        height = row.Height is { } lines ? height.With(lines) : height;
        if (row.Caption is { } caption)
        {
            characters = characters.With(caption.Text.Length);
            tokens = tokens.With(caption.Tokens);
            if (caption.Defect is { } defect)
            {
                defects.Add(defect);
            }
        }

        foreach (var label in row.Labels)
        {
            CountsOf(label.QuestionId, label.Question, label.Kind).Add(label);
        }
    }

    public void Add(DatasetStatistics part)
    {
        rows += part.Rows;
        reused += part.Reused;
        failures.Add(part.Failures);
        duplicates.Add(part.Duplicates);
        formats.Add(part.Formats);
        defects.Add(part.CaptionDefects);
        width = width.With(part.Width);
        height = height.With(part.Height);
        characters = characters.With(part.CaptionCharacters);
        tokens = tokens.With(part.CaptionTokens);
        foreach (var label in part.Labels)
        {
            CountsOf(label.QuestionId, label.Question, label.Kind).Add(label);
        }
    }

    public DatasetStatistics Build() => new()
    {
        Rows = rows,
        Reused = reused,
        Failures = failures.ToSorted(),
        Duplicates = duplicates.ToSorted(),
        Formats = formats.ToSorted(),
        Width = width,
        Height = height,
        CaptionCharacters = characters,
        CaptionTokens = tokens,
        CaptionDefects = defects.ToSorted(),
        Labels = [.. labels.Values.Select(counts => counts.Build())],
    };

    /// <summary>A dictionary to which nothing is ever removed keeps the order in which the questions came, which is the job's.</summary>
    private LabelCounts CountsOf(string id, string question, string kind)
    {
        if (!labels.TryGetValue(id, out var counts))
        {
            labels.Add(id, counts = new LabelCounts(id, question, kind));
        }

        return counts;
    }
}
