using Pipeline.Cli.Samples;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;
using Spectre.Console;

namespace Pipeline.Cli.Display;

/// <summary>The demo's captions and labels next to what is true of its images.</summary>
internal static class TruthTable
{
    private const int ShownImages = 8;

    private static readonly string[] s_columns = ["caption", .. SampleQuestions.All.Select(question => question.Id)];

    /// <summary>A table of the first images, and how many answers of all images are right.</summary>
    public static async Task ShowAsync(Terminal terminal, IObjectStore output, DatasetManifest manifest, CancellationToken cancellationToken)
    {
        var images = SampleImages.All.ToDictionary(image => image.File);
        var rows = await DatasetTables.ReadAsync(output, manifest).Where(row => images.ContainsKey(row.Annotation.Id)).ToListAsync(cancellationToken);
        var judged = rows.Select(row => (row.Annotation.Id, Cells: Judge(row.Annotation, images[row.Annotation.Id]))).ToList();

        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators().AddColumn("image").AddColumns(s_columns);
        foreach (var (id, cells) in judged.Take(ShownImages))
        {
            table.AddRow([Markup.Escape(id), .. cells.Select(cell => Markup.Escape(cell.Words))]);
        }

        terminal.Out.Write(table);
        terminal.Line("✓ is what was drawn; where the model is wrong, the truth stands below.");
        terminal.Line("Right on all images: " + string.Join(", ", s_columns.Select((column, index) =>
        {
            var asked = judged.Select(row => row.Cells[index]).Where(cell => cell.Truth is not null).ToList();
            return $"{column} {asked.Count(cell => cell.IsRight)} of {asked.Count}";
        })) + ".");
        terminal.Line();
    }

    private static List<Cell> Judge(AnnotationRow row, SampleImage image) =>
    [
        new Cell(row.Caption?.Text ?? "", image.Scene.Captions[0]),
        .. SampleQuestions.All.Select(question => new Cell(row.Labels.FirstOrDefault(label => label.QuestionId == question.Id)?.Answer ?? "", question.Truth(image.Scene))),
    ];

    /// <param name="Answer">The model's.</param>
    /// <param name="Truth">Null: there is nothing to be right about.</param>
    private readonly record struct Cell(string Answer, string? Truth)
    {
        public bool IsRight => Answer.Trim() == Truth;

        public string Words => Truth is null ? "–" : IsRight ? $"{Answer} ✓" : $"{Answer}\n✗ {Truth}";
    }
}
