using Pipeline.Jobs.Duplicates;

namespace Pipeline.Jobs.Rows;

/// <summary>One output row: what the model said of one image, or why it could not.</summary>
/// <remarks><c>docs/dataset.md</c> documents the columns.</remarks>
public sealed record AnnotationRow
{
    /// <summary>The image's key: unique in the dataset.</summary>
    public required string Id { get; init; }

    public required string SourceUri { get; init; }
    public required string SourceETag { get; init; }

    /// <summary>Of the encoded image, lower-case hex; null if it could not be read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Pixels, of the decoded image; null if it could not be decoded.</summary>
    public int? Width { get; init; }
    public int? Height { get; init; }

    /// <summary>"jpeg", "png", …; null if unknown.</summary>
    public string? Format { get; init; }

    /// <summary>Length of the encoded image; null if it could not be read.</summary>
    public long? Bytes { get; init; }

    /// <summary>64 bits as 16 lower-case hex digits; images that look alike differ in few bits. Null if the image could not be decoded.</summary>
    public string? PerceptualHash { get; init; }

    /// <summary>Of which earlier image it is a duplicate; null if of none, or if the job does not look for them.</summary>
    public Duplicate? Duplicate { get; init; }

    /// <summary>The encoded image, for datasets that hold their images; null if they don't, or if it could not be read.</summary>
    public ReadOnlyMemory<byte>? Image { get; init; }

    /// <summary>Parts of the image at which the model chose to look closer; empty if the row failed or the model looks at all.</summary>
    public IReadOnlyList<ZoomRegion> Zooms { get; init; } = [];

    /// <summary>Null for an annotated image.</summary>
    public RowFailure? Failure { get; init; }

    /// <summary>A sentence with the particulars of <see cref="Failure"/>.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>Null if the row failed or the job asks for no caption.</summary>
    public GeneratedText? Caption { get; init; }

    /// <summary>Of what this row alone was asked; null where it was asked what <see cref="RowProvenance.PromptHash"/> says.</summary>
    public string? PromptHash { get; init; }

    /// <summary>With this row's values in it; null where it is <see cref="RowProvenance.CaptionPrompt"/>.</summary>
    public string? CaptionPrompt { get; init; }

    /// <summary>What made the answers, if they were copied from an earlier dataset; null for those that this job's model gave.</summary>
    public RowProvenance? Origin { get; init; }

    /// <summary>One a question in the job's order; empty if the row failed.</summary>
    public IReadOnlyList<Label> Labels { get; init; } = [];
}
