using System.Globalization;
using System.Text;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Specs;

namespace Pipeline.Jobs.Cards;

/// <summary>A dataset's <c>README.md</c>: what Hugging Face's Hub and <c>load_dataset</c> read of it, and what people do.</summary>
internal static class DatasetCard
{
    public static string Write(JobSpec spec, DatasetManifest manifest, IReadOnlyList<CardSample> samples)
    {
        var card = new StringBuilder();
        card.Append(CardHeader.Write(spec, manifest));
        card.Append(
            $"""

            # Annotated images

            {manifest.Rows:N0} images, of which {manifest.Rows - manifest.FailedRows:N0} are annotated and {manifest.FailedRows:N0} failed. Captions and answers were written by a model; no person looked at them.

            | | |
            |---|---|
            | Model | {CardText.Cell(ModelName(spec))} |
            | Model revision | `{manifest.ModelRevision}` |
            | Job | `{manifest.JobId}` |
            | Schema version | {manifest.SchemaVersion} |
            | Files | {manifest.Files.Count:N0} Parquet, {manifest.Bytes:N0} bytes |
            | Decoding | {Decoding(spec)} |
            {CardSelection.Write(spec)}
            ## What was asked

            """.ReplaceLineEndings("\n"));
        card.Append('\n');
        if (spec.Caption is { } caption)
        {
            card.Append($"Caption, at most {spec.MaxTokens} tokens:\n\n{CardText.Block(caption)}\n");
        }

        foreach (var question in spec.Questions)
        {
            var choices = question.Choices.Count > 0 ? $": {string.Join(", ", question.Choices.Select(choice => CardText.Cell(choice)))}" : "";
            card.Append($"Question {CardText.Code(question.Id)} ({QuestionKinds.NameOf(question.Kind)}{choices}):\n\n{CardText.Block(question.Text)}\n");
        }

        if (manifest.Statistics is { } statistics)
        {
            card.Append(CardStatistics.Write(statistics));
        }

        if (samples.Count > 0)
        {
            card.Append(CardSamples.Write(samples));
        }

        card.Append(Reading);
        return card.ToString();
    }

    private const string Reading = """
        ## Reading it

        ```python
        from datasets import load_dataset
        dataset = load_dataset(".", split="train").filter(lambda row: row["status"] == "ok")
        ```

        `status` is `ok` or `failed`; a failed image has its row too, with `error_code` and `error_message`. `manifest.json` names the files with their sha256, and
        `_SUCCESS` is written last: a folder that has it is whole.

        """;

    /// <summary>Where the checkpoint lay is nobody's business.</summary>
    private static string ModelName(JobSpec spec) => Path.GetFileName(Path.TrimEndingDirectorySeparator(spec.Model));

    private static string Decoding(JobSpec spec) => spec.Sampling is { Temperature: > 0 } sampling
        ? string.Create(CultureInfo.InvariantCulture, $"temperature {sampling.Temperature}, top-p {sampling.TopP}, top-k {sampling.TopK}, min-p {sampling.MinP}, seed {sampling.Seed}")
        : "greedy";
}
