using System.Text.Json;

namespace Pipeline.Jobs.Rows;

/// <summary>Between rows as the program holds them and rows as the file holds them.</summary>
internal static class RowMapping
{
    public const string Ok = "ok";
    public const string Failed = "failed";

    private static readonly Dictionary<string, RowFailure> Failures = Enum.GetValues<RowFailure>().ToDictionary(CodeOf);

    /// <summary>"source_missing" for <see cref="RowFailure.SourceMissing"/>.</summary>
    public static string CodeOf(RowFailure failure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.ToString());

    public static ParquetRow ToParquet(AnnotationRow row, RowProvenance provenance) => new()
    {
        Id = row.Id,
        SourceUri = row.SourceUri,
        SourceETag = row.SourceETag,
        Sha256 = row.Sha256,
        Width = row.Width,
        Height = row.Height,
        Format = row.Format,
        Bytes = row.Bytes,
        Status = row.Failure is null ? Ok : Failed,
        ErrorCode = row.Failure is { } failure ? CodeOf(failure) : null,
        ErrorMessage = row.FailureMessage,
        Caption = row.Caption?.Text,
        CaptionFinishReason = row.Caption?.FinishReason,
        CaptionTokens = row.Caption?.Tokens,
        CaptionMeanLogProbability = row.Caption?.MeanLogProbability,
        CaptionLogProbabilities = [.. row.Caption?.LogProbabilities ?? []],
        CaptionDefect = row.Caption?.Defect,
        CaptionRejected = [.. (row.Caption?.Rejected ?? []).Select(rejected => new ParquetRejected { Text = rejected.Text, Defect = rejected.Defect })],
        Labels = [.. row.Labels.Select(ToParquet)],
        Model = provenance.Model,
        ModelRevision = provenance.ModelRevision,
        JobId = provenance.JobId,
        PromptHash = provenance.PromptHash,
        ParametersHash = provenance.ParametersHash,
        CodeVersion = provenance.CodeVersion,
        Attempt = provenance.Attempt,
        CreatedAt = provenance.CreatedAt.UtcDateTime,
    };

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
            PromptHash = row.PromptHash,
            ParametersHash = row.ParametersHash,
            CodeVersion = row.CodeVersion,
            Attempt = row.Attempt,
            CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(row.CreatedAt, DateTimeKind.Utc)),
        });

    private static GeneratedText CaptionOf(ParquetRow row, string text) =>
        new(text, row.CaptionFinishReason!, row.CaptionTokens!.Value, row.CaptionMeanLogProbability!.Value)
        {
            Defect = row.CaptionDefect,
            Rejected = [.. row.CaptionRejected.Select(rejected => new RejectedText(rejected.Text, rejected.Defect))],
            LogProbabilities = row.CaptionLogProbabilities,
        };

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
