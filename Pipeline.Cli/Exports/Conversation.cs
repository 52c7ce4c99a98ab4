using Pipeline.Jobs.Rows;

namespace Pipeline.Cli.Exports;

/// <summary>A row as questions and answers.</summary>
internal static class Conversation
{
    /// <summary>Stands for the image in LLaVA's prompts; in any other place it would ask for an image that is not there.</summary>
    private const string ImageToken = "<image>";

    /// <summary>Of files of before 0.2.0, which don't tell what was asked.</summary>
    private const string UnknownPrompt = "Describe this image.";

    /// <summary>What was asked and answered, in order; the first question shows the image. Empty if nothing of the row is fit for use.</summary>
    /// <param name="row">Annotated.</param>
    /// <param name="keepDefects">Whether captions with a defect are used.</param>
    public static IReadOnlyList<(string Question, string Answer)> Of(DatasetRow row, bool keepDefects)
    {
        List<(string Question, string Answer)> turns = [];
        if (row.Annotation.Caption is { } caption && (caption.Defect is null || keepDefects))
        {
            turns.Add((row.Provenance.CaptionPrompt ?? UnknownPrompt, caption.Text));
        }

        turns.AddRange(row.Annotation.Labels.Select(label => (label.Question, label is { Answer: "", Choices.Count: > 0 } ? "none" : label.Answer)));
        return [.. turns.Select((turn, index) => (index == 0 ? $"{ImageToken}\n{Plain(turn.Question)}" : Plain(turn.Question), Plain(turn.Answer)))];
    }

    private static string Plain(string text) => text.Replace(ImageToken, "", StringComparison.OrdinalIgnoreCase).Trim();
}
