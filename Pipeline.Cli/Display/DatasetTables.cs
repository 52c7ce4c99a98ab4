using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;
using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>Shows what a finished dataset holds: some of its rows, and what failed.</summary>
internal static class DatasetTables
{
    private const int LongestText = 60;
    private const int SampleRows = 6;

    /// <summary>The first annotated rows, one table row each.</summary>
    public static Task ShowRowsAsync(Terminal terminal, IObjectStore output, DatasetManifest manifest, CancellationToken cancellationToken) =>
        ShowRowsAsync(terminal, output, manifest, SampleRows, cancellationToken);

    /// <summary>The first <paramref name="rows"/> annotated rows.</summary>
    public static async Task ShowRowsAsync(Terminal terminal, IObjectStore output, DatasetManifest manifest, int rows, CancellationToken cancellationToken)
    {
        var shown = await ReadAsync(output, manifest)
            .Where(row => row.Annotation.Failure is null)
            .Take(rows)
            .ToListAsync(cancellationToken);
        if (shown.Count == 0)
        {
            return;
        }

        // Rows may ask questions of their own.
        var questions = shown.SelectMany(row => row.Annotation.Labels).Select(label => label.QuestionId).Distinct().ToList();
        var hasCaptions = shown[0].Annotation.Caption is not null;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("image");
        if (hasCaptions)
        {
            table.AddColumn("caption");
        }

        foreach (var question in questions)
        {
            table.AddColumn(Markup.Escape(question));
        }

        foreach (var row in shown)
        {
            table.AddRow([.. CellsOf(row.Annotation, questions).Select(cell => Markup.Escape(cell))]);
        }

        terminal.Out.Write(table);
    }

    /// <summary>Failures by code, with one example each; nothing if there are none.</summary>
    public static async Task ShowFailuresAsync(Terminal terminal, IObjectStore output, DatasetManifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.FailedRows == 0)
        {
            return;
        }

        var counts = new SortedDictionary<RowFailure, (long Count, AnnotationRow Example)>();
        var failing = manifest with { Files = [.. manifest.Files.Where(file => file.FailedRows > 0)] };
        await foreach (var row in ReadAsync(output, failing).WithCancellation(cancellationToken))
        {
            if (row.Annotation.Failure is { } code)
            {
                counts[code] = counts.TryGetValue(code, out var seen) ? (seen.Count + 1, seen.Example) : (1, row.Annotation);
            }
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("failure", "images", "example", "reason");
        foreach (var (code, (count, example)) in counts)
        {
            table.AddRow(
                RowFailures.CodeOf(code), Words.Count(count), Markup.Escape(Words.Excerpt(example.Id, LongestText)),
                Markup.Escape(Words.Excerpt(example.FailureMessage ?? "", 2 * LongestText)));
        }

        terminal.Out.Write(table);
    }

    /// <summary>All rows of the files, in order.</summary>
    public static IAsyncEnumerable<DatasetRow> ReadAsync(IObjectStore output, DatasetManifest manifest) =>
        manifest.Files.ToAsyncEnumerable().SelectMany(file => ShardFileReader.ReadAsync(output, file.File, CancellationToken.None));

    private static IEnumerable<string> CellsOf(AnnotationRow row, IReadOnlyList<string> questions)
    {
        yield return Words.Excerpt(row.Id, LongestText);
        if (row.Caption is { } caption)
        {
            var text = Words.Excerpt(caption.Text, LongestText);
            yield return caption.Defect is { } defect ? $"{text} [{defect}]" : text;
        }

        foreach (var question in questions)
        {
            yield return row.Labels.FirstOrDefault(label => label.QuestionId == question) is { } label ? CellOf(label) : "";
        }
    }

    private static string CellOf(Label label)
    {
        // Of several choices none may apply; a written answer may be empty, and then looks so.
        var answer = label is { Answer: "", Choices.Count: > 0 } ? "none" : Words.Excerpt(label.Answer, LongestText);
        return label.Confidence is { } confidence ? $"{answer} ({confidence:0%})" : answer;
    }
}
