using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Shards;

/// <summary>One image on its way through the stages. Each stage adds what it found and drops what nobody needs any more.</summary>
internal sealed record ImageWork(PlannedImage Planned)
{
    /// <summary>The file; empty again once decoded.</summary>
    public ReadOnlyMemory<byte> Encoded { get; init; }

    /// <summary>Length of the file; null if it could not be read.</summary>
    public long? Bytes { get; init; }

    /// <summary>Of the file, lower-case hex; null if it could not be read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What the model looks at; null again once answered.</summary>
    public ImageCrops? Crops { get; init; }

    /// <summary>Null if the image could not be decoded.</summary>
    public ImageFacts? Facts { get; init; }

    /// <summary>Null if the image could not be decoded.</summary>
    public ImageLook? Look { get; init; }

    /// <summary>For a small picture of it; null if the image could not be decoded.</summary>
    public ImageOverview? Overview { get; init; }

    /// <summary>The file, for a row that holds it; null if it could not be read, or the job does not ask for it.</summary>
    public ReadOnlyMemory<byte>? Embedded { get; init; }

    /// <summary>One a prompt; empty if the image failed.</summary>
    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>The row of an earlier dataset of which the answers are taken over; null if the model is asked.</summary>
    public DatasetRow? Reused { get; init; }

    /// <summary>Once set, later stages pass the image on as it is.</summary>
    public RowFailure? Failure { get; init; }

    public string? FailureMessage { get; init; }

    public ImageWork Failed(RowFailure failure, string message) =>
        this with { Failure = failure, FailureMessage = message, Encoded = default, Crops = null, Answers = [] };
}
