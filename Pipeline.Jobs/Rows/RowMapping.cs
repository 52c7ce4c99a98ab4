using System.Runtime.InteropServices;
using Pipeline.Jobs.Duplicates;

namespace Pipeline.Jobs.Rows;

/// <summary>Between rows as the program holds them and rows as the file holds them.</summary>
internal static class RowMapping
{
    public const string Ok = "ok";
    public const string Failed = "failed";

    private static readonly Dictionary<string, RowFailure> Failures = Enum.GetValues<RowFailure>().ToDictionary(RowFailures.CodeOf);

    /// <summary>With the image, for datasets that hold them.</summary>
    public static ParquetImageRow ToParquetWithImage(AnnotationRow row, RowProvenance provenance)
    {
        var made = Fill(new ParquetImageRow(), row, provenance);
        made.Image = row.Image is { } image ? new ParquetImage { Bytes = BytesOf(image), Path = row.Id } : null;
        return made;
    }

    public static ParquetRow ToParquet(AnnotationRow row, RowProvenance provenance) => Fill(new ParquetRow(), row, provenance);

    private static T Fill<T>(T made, AnnotationRow row, RowProvenance provenance)
        where T : ParquetRow
    {
        made.Id = row.Id;
        made.SourceUri = row.SourceUri;
        made.SourceETag = row.SourceETag;
        made.Sha256 = row.Sha256;
        made.Width = row.Width;
        made.Height = row.Height;
        made.Format = row.Format;
        made.Bytes = row.Bytes;
        made.PerceptualHash = row.PerceptualHash;
        made.DuplicateOf = row.Duplicate?.Of;
        made.DuplicateKind = row.Duplicate is { } duplicate ? DuplicateKinds.NameOf(duplicate.Kind) : null;
        made.Zooms = [.. row.Zooms.Select(zoom => new ParquetZoom { Left = zoom.Left, Top = zoom.Top, Right = zoom.Right, Bottom = zoom.Bottom })];
        made.Status = row.Failure is null ? Ok : Failed;
        made.ErrorCode = row.Failure is { } failure ? RowFailures.CodeOf(failure) : null;
        made.ErrorMessage = row.FailureMessage;
        made.CaptionPrompt = row.CaptionPrompt ?? provenance.CaptionPrompt;
        made.Caption = row.Caption?.Text;
        made.CaptionFinishReason = row.Caption?.FinishReason;
        made.CaptionTokens = row.Caption?.Tokens;
        made.CaptionPromptTokens = row.Caption?.PromptTokens;
        made.CaptionMeanLogProbability = row.Caption?.MeanLogProbability;
        made.CaptionLogProbabilities = [.. row.Caption?.LogProbabilities ?? []];
        made.CaptionDefect = row.Caption?.Defect;
        made.CaptionRejected = [.. (row.Caption?.Rejected ?? []).Select(rejected => new ParquetRejected { Text = rejected.Text, Defect = rejected.Defect })];
        made.Labels = [.. row.Labels.Select(ToParquet)];
        made.Model = provenance.Model;
        made.ModelRevision = provenance.ModelRevision;
        made.JobId = provenance.JobId;
        made.PromptHash = row.PromptHash ?? provenance.PromptHash;
        made.ParametersHash = provenance.ParametersHash;
        made.Seed = provenance.Seed;
        made.CodeVersion = provenance.CodeVersion;
        made.Attempt = provenance.Attempt;
        made.CreatedAt = provenance.CreatedAt.UtcDateTime;
        return made;
    }

    public static DatasetRow FromParquet(ParquetRow row) => new(
        new AnnotationRow
        {
            Id = row.Id,
            SourceUri = row.SourceUri,
            SourceETag = row.SourceETag,
            Sha256 = row.Sha256,
            Width = row.Width,
            Height = row.Height,
            Format = row.Format,
            Bytes = row.Bytes,
            PerceptualHash = row.PerceptualHash,
            Duplicate = row.DuplicateOf is null ? null : new Duplicate(row.DuplicateOf, DuplicateKinds.Of(row.DuplicateKind!)),
            // Without the cast null would become an image of no bytes.
            Image = row is ParquetImageRow { Image: { } image } ? (ReadOnlyMemory<byte>?)image.Bytes : null,
            Zooms = [.. row.Zooms.Select(zoom => new ZoomRegion(zoom.Left, zoom.Top, zoom.Right, zoom.Bottom))],
            Failure = row.ErrorCode is null ? null : Failures[row.ErrorCode],
            FailureMessage = row.ErrorMessage,
            Caption = row.Caption is null ? null : CaptionOf(row, row.Caption),
            Labels = [.. row.Labels.Select(FromParquet)],
        },
        new RowProvenance
        {
            JobId = row.JobId,
            Model = row.Model,
            ModelRevision = row.ModelRevision,
            CaptionPrompt = row.CaptionPrompt,
            Seed = row.Seed,
            PromptHash = row.PromptHash,
            ParametersHash = row.ParametersHash,
            CodeVersion = row.CodeVersion,
            Attempt = row.Attempt,
            CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(row.CreatedAt, DateTimeKind.Utc)),
        });

    private static GeneratedText CaptionOf(ParquetRow row, string text) =>
        new(text, row.CaptionFinishReason!, row.CaptionTokens!.Value, row.CaptionMeanLogProbability!.Value)
        {
            PromptTokens = row.CaptionPromptTokens,
            Defect = row.CaptionDefect,
            Rejected = [.. row.CaptionRejected.Select(rejected => new RejectedText(rejected.Text, rejected.Defect))],
            LogProbabilities = row.CaptionLogProbabilities,
        };

    private static byte[] BytesOf(ReadOnlyMemory<byte> image) =>
        MemoryMarshal.TryGetArray(image, out var segment) && segment.Count == segment.Array!.Length ? segment.Array : image.ToArray();

    private static ParquetLabel ToParquet(Label label) => new()
    {
        QuestionId = label.QuestionId,
        Question = label.Question,
        Kind = label.Kind,
        Answer = label.Answer,
        Value = label.Value,
        Confidence = label.Confidence,
        Choices = [.. label.Choices.Select(scored => new ParquetChoice { Choice = scored.Choice, Probability = scored.Probability })],
        FinishReason = label.FinishReason,
        Tokens = label.Tokens,
        MeanLogProbability = label.MeanLogProbability,
        LogProbabilities = [.. label.LogProbabilities],
    };

    private static Label FromParquet(ParquetLabel label) => new()
    {
        QuestionId = label.QuestionId,
        Question = label.Question,
        Kind = label.Kind,
        Answer = label.Answer,
        Value = label.Value,
        Confidence = label.Confidence,
        Choices = [.. label.Choices.Select(scored => new ScoredChoice(scored.Choice, scored.Probability))],
        FinishReason = label.FinishReason,
        Tokens = label.Tokens,
        MeanLogProbability = label.MeanLogProbability,
        LogProbabilities = label.LogProbabilities,
    };
}
