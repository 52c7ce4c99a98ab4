using Pipeline.Jobs.Rows;
using Pipeline.Jobs.State;

namespace Pipeline.Api.Dashboard;

/// <summary>Rows of a job's dataset: the first failures, and some of the latest answers.</summary>
internal static class RowTables
{
    /// <param name="page">What is shown.</param>
    /// <param name="thumbnailOf">Address of the small picture of a shard's row.</param>
    public static string Failures(FailurePage page, Func<int, string, string> thumbnailOf) => page.Failures.Count == 0
        ? "<section data-live=\"failures\"></section>"
        : $"""
          <section data-live="failures"><h2>Failures <small>{Markup.Count(page.Failures.Count)} of {Markup.Count(page.Total)} in committed shards</small></h2>
          <div class="table-responsive" tabindex="0" role="region" aria-label="Failures"><table class="table"><thead><tr><th scope="col">Image</th><th scope="col">Shard</th><th scope="col">Reason</th></tr></thead><tbody>{string.Concat(page.Failures.Select(row =>
              $"<tr data-failure=\"{Markup.Text(row.Id)}\"><td class=\"pipeline-name\">{Picture(thumbnailOf(row.Shard, row.Id))}{Markup.Text(row.Id)}<br><small class=\"text-muted\">{Markup.Text(row.SourceUri)}</small></td><td>{row.Shard}</td><td>{Markup.Text(row.Code.Replace('_', ' '))}<br><small class=\"text-muted\">{Markup.Text(row.Message)}</small></td></tr>"))}</tbody></table></div></section>
          """;

    /// <param name="shard">Whose rows they are.</param>
    /// <param name="rows">What is shown.</param>
    /// <param name="thumbnailOf">Address of the small picture of a shard's row.</param>
    public static string Latest(int shard, IReadOnlyList<AnnotationRow> rows, Func<int, string, string> thumbnailOf) => rows.Count == 0
        ? "<section data-live=\"latest\"></section>"
        : $"""
          <section data-live="latest"><h2>Latest answers <small>of the shard that was committed last</small></h2>
          <div class="table-responsive" tabindex="0" role="region" aria-label="Latest answers"><table class="table"><thead><tr><th scope="col">Image</th><th scope="col">Caption</th><th scope="col">Labels</th></tr></thead><tbody>{string.Concat(rows.Select(row =>
              $"<tr data-answer=\"{Markup.Text(row.Id)}\"><td class=\"pipeline-name\">{Picture(thumbnailOf(shard, row.Id))}{Markup.Text(row.Id)}</td><td>{Markup.Text(row.Caption?.Text)}</td><td>{string.Join("<br>", row.Labels.Select(Label))}</td></tr>"))}</tbody></table></div></section>
          """;

    /// <summary>Without a text of its own: the image's name stands beside it.</summary>
    private static string Picture(string url) => $"<img class=\"pipeline-picture\" src=\"{Markup.Text(url)}\" alt=\"\" loading=\"lazy\" width=\"64\" height=\"64\">";

    private static string Label(Label label) =>
        $"{Markup.Text(label.QuestionId)}: <strong>{Markup.Text(label.Answer)}</strong>{(label.Confidence is { } sure ? $" <small class=\"text-muted\">{Markup.Number(100 * sure, "0")} %</small>" : "")}";
}
