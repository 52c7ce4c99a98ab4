using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Cli.Display;
using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Statistics;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Shards;

namespace Pipeline.Cli.Datasets;

/// <summary>A dataset as one HTML page that needs no other file. It runs no script: whatever names, captions and answers hold, it is shown as text.</summary>
internal static class DatasetPage
{
    private const int FailuresShown = 200;

    public static async Task<string> WriteAsync(FinishedDataset dataset, int rows, CancellationToken cancellationToken)
    {
        var manifest = dataset.Manifest;
        var page = new StringBuilder(Head);
        page.Append($"""
            <h1>{manifest.Rows:N0} images</h1>
            <p>{manifest.Rows - manifest.FailedRows:N0} annotated, {manifest.FailedRows:N0} failed; {manifest.Files.Count:N0} Parquet file(s), {Words.Bytes(manifest.Bytes)}.
            Job {Text(manifest.JobId)}, model revision <code>{Text(manifest.ModelRevision)}</code>.</p>

            """);
        AppendStatistics(page, await dataset.StatisticsAsync(cancellationToken));
        var shown = await SampleRows.ReadAsync(dataset.Output, manifest, rows, cancellationToken);
        if (shown.Count > 0)
        {
            using var decoders = new DecoderPool(DecoderSettings.From(new WorkerOptions()), size: 1, TimeProvider.System, NullLogger<DecoderPool>.Instance);
            var thumbnails = new CardThumbnails(decoders);
            page.Append($"<h2>The first {shown.Count:N0} annotated rows</h2>\n<div class=\"rows\">\n");
            foreach (var row in shown)
            {
                var image = await dataset.Images.FindAsync(row.Annotation, cancellationToken);
                AppendRow(page, row.Annotation, image is { } encoded ? await thumbnails.MakeAsync(encoded, cancellationToken) : null);
            }

            page.Append("</div>\n");
        }

        await AppendFailuresAsync(page, dataset, cancellationToken);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Dataset</title>
        <style>
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; color: #1c2430; overflow-wrap: anywhere; }
        table { border-collapse: collapse; margin: 0 0 1.5rem; } td, th { border: 1px solid #d7dce3; padding: .25rem .6rem; text-align: left; vertical-align: top; }
        th { overflow-wrap: normal; } td.n { text-align: right; white-space: nowrap; } code { font-size: .85em; }
        .rows { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 1rem; }
        .row { border: 1px solid #d7dce3; border-radius: 8px; padding: .8rem; }
        .row img { display: block; max-width: 100%; margin-bottom: .5rem; } .row p { margin: .3rem 0; white-space: pre-wrap; }
        .id, .how { color: #687385; font-size: .85em; } .bad { color: #a11; }
        @media (max-width: 600px) { body { margin: 1rem auto; font-size: 14px; } td, th { padding: .2rem .35rem; } }
        </style>
        </head>
        <body>

        """;

    private static void AppendStatistics(StringBuilder page, DatasetStatistics statistics)
    {
        page.Append("<table><tr><th></th><th>count</th><th>least</th><th>mean</th><th>most</th></tr>\n");
        foreach (var (name, numbers) in StatisticsTables.Numbers(statistics).Where(number => number.Summary.Count > 0))
        {
            page.Append($"<tr><td>{Text(name)}</td><td class=\"n\">{numbers.Count:N0}</td><td class=\"n\">{StatisticsTables.Number(numbers.Min)}</td>"
                + $"<td class=\"n\">{StatisticsTables.Number(numbers.Mean())}</td><td class=\"n\">{StatisticsTables.Number(numbers.Max)}</td></tr>\n");
        }

        page.Append("</table>\n");
        foreach (var label in statistics.Labels.Where(label => label.Answers.Count > 0))
        {
            AppendCounts(page, $"{label.QuestionId}: {label.Question}", label.Answers);
        }

        AppendCounts(page, "Duplicates of earlier images", statistics.Duplicates);
        AppendCounts(page, "Captions with a defect", statistics.CaptionDefects);
        AppendCounts(page, "Failures", statistics.Failures);
    }

    private static void AppendCounts(StringBuilder page, string title, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Count > 0)
        {
            page.Append($"<h3>{Text(title)}</h3>\n<table>{string.Concat(counts.Select(count => $"<tr><td>{Text(count.Key)}</td><td class=\"n\">{count.Value:N0}</td></tr>"))}</table>\n");
        }
    }

    private static void AppendRow(StringBuilder page, AnnotationRow row, byte[]? thumbnail)
    {
        page.Append("<div class=\"row\">\n");
        if (thumbnail is { } jpeg)
        {
            page.Append($"<img alt=\"\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">\n");
        }

        page.Append($"<p class=\"id\">{Text(row.Id)}</p>\n");
        if (row.Caption is { } caption)
        {
            page.Append($"<p>{Text(caption.Text)}{(caption.Defect is { } defect ? $" <span class=\"bad\">[{Text(defect)}]</span>" : "")}</p>\n");
        }

        foreach (var label in row.Labels)
        {
            var confidence = label.Confidence is { } probability ? $" <span class=\"how\">{probability:0 %}</span>" : "";
            page.Append($"<p><span class=\"how\">{Text(label.QuestionId)}</span> {Text(label is { Answer: "", Choices.Count: > 0 } ? "none" : label.Answer)}{confidence}</p>\n");
        }

        page.Append("</div>\n");
    }

    private static async Task AppendFailuresAsync(StringBuilder page, FinishedDataset dataset, CancellationToken cancellationToken)
    {
        if (dataset.Manifest.FailedRows == 0)
        {
            return;
        }

        page.Append("<h2>Failed images</h2>\n<table><tr><th>image</th><th>failure</th><th>reason</th></tr>\n");
        var failed = dataset.Manifest.Files.Where(file => file.FailedRows > 0).ToAsyncEnumerable()
            .SelectMany(file => ShardFileReader.ReadAsync(dataset.Output, file.File, cancellationToken))
            .Where(row => row.Annotation.Failure is not null)
            .Take(FailuresShown);
        await foreach (var row in failed)
        {
            page.Append($"<tr><td>{Text(row.Annotation.Id)}</td><td>{RowFailures.CodeOf(row.Annotation.Failure!.Value)}</td><td>{Text(row.Annotation.FailureMessage ?? "")}</td></tr>\n");
        }

        page.Append("</table>\n");
        if (dataset.Manifest.FailedRows > FailuresShown)
        {
            page.Append($"<p>and {dataset.Manifest.FailedRows - FailuresShown:N0} more.</p>\n");
        }
    }

    /// <summary>Isolated, so that text from right to left turns nothing around it.</summary>
    private static string Text(string text) =>
        $"<bdi>{WebUtility.HtmlEncode(string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' and not '\t' ? '�' : c)))}</bdi>";
}
