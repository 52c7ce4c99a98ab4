using System.Text;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Cards;

/// <summary>Writes a dataset's <c>README.md</c> and the thumbnails in it. The same dataset always gives the same card.</summary>
/// <param name="spec">Of the job.</param>
/// <param name="stores">Opens the job's output, and the places of its images.</param>
/// <param name="thumbnail">Null: the card has no thumbnails.</param>
public sealed class CardWriter(JobSpec spec, ObjectStores stores, ThumbnailMaker? thumbnail)
{
    private const int Samples = 6;

    /// <exception cref="ObjectStoreException">The output cannot be read or written. Images that are gone are only left out.</exception>
    public async Task WriteAsync(DatasetManifest manifest, CancellationToken cancellationToken)
    {
        var output = stores.Open(spec.Output);
        var rows = await SampleRows.ReadAsync(output, manifest, Samples, cancellationToken);
        var samples = new List<CardSample>();
        foreach (var (index, row) in rows.Index())
        {
            samples.Add(new CardSample(row.Annotation, await WriteThumbnailAsync(output, index, row.Annotation, cancellationToken)));
        }

        var card = Encoding.UTF8.GetBytes(DatasetCard.Write(spec, manifest, samples));
        await output.PutAsync(OutputLayout.Card, new MemoryStream(card), cancellationToken);
    }

    /// <returns>Key of the thumbnail, or null if there is none.</returns>
    private async Task<string?> WriteThumbnailAsync(IObjectStore output, int index, AnnotationRow row, CancellationToken cancellationToken)
    {
        if (thumbnail is null
            || await new RowImages(stores).FindAsync(row, cancellationToken) is not { } image
            || await thumbnail(image, cancellationToken) is not { } jpeg)
        {
            return null;
        }

        var key = OutputLayout.SampleOf(index);
        await output.PutAsync(key, new MemoryStream(jpeg), cancellationToken);
        return key;
    }
}

/// <summary>A row to show.</summary>
/// <param name="Row">Annotated.</param>
/// <param name="Thumbnail">Key of a small JPEG in the output, or null.</param>
internal sealed record CardSample(AnnotationRow Row, string? Thumbnail);
