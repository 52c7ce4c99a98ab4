using System.Runtime.CompilerServices;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Sources;

/// <summary>The rows of a job's source, whatever it is made of: the same source gives the same rows in the same order.</summary>
public sealed class PlannedRows(ObjectStores stores, JobSpec spec)
{
    /// <exception cref="ObjectStoreException">The source cannot be read, or is not what its format says.</exception>
    public IAsyncEnumerable<PlannedImage> ListAsync(CancellationToken cancellationToken) =>
        spec.FormatOf() is SourceFormat.Images ? ListImagesAsync(cancellationToken) : ListRowsAsync(cancellationToken);

    /// <summary>A sentence for a source without any row.</summary>
    public string DescribeEmpty() => spec.FormatOf() switch
    {
        SourceFormat.Images when spec.Input is { ByContent: true } => $"'{spec.Source}' holds no file that begins like an image: name another folder.",
        SourceFormat.Images => Listing().DescribeEmpty(),
        SourceFormat.WebDataset => $"The tar files of '{spec.Source}' hold no images: {ImageFiles.DescribeEndings()} source.",
        _ => $"'{spec.Source}' has no rows: add some, or name another source.",
    };

    /// <summary>Rows as read, for a look at the first.</summary>
    internal async IAsyncEnumerable<SourceRow> ReadAsync(SourceFolder folder, RowNames names, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in folder.ListAsync(cancellationToken))
        {
            var rows = spec.FormatOf() switch
            {
                SourceFormat.Csv => CsvRows.ReadAsync(folder.Store, file.Key, cancellationToken),
                SourceFormat.Jsonl => JsonlRows.ReadAsync(folder.Store, file.Key, cancellationToken),
                SourceFormat.Parquet => ParquetRows.ReadAsync(folder.Store, file, names, cancellationToken),
                _ => TarRows.ReadAsync(folder.Store, file, cancellationToken),
            };
            await foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    internal Task<SourceFolder> OpenAsync(CancellationToken cancellationToken) =>
        SourceFolder.OpenAsync(stores, spec.Source, spec.Output, spec.FormatOf(), cancellationToken);

    private async IAsyncEnumerable<PlannedImage> ListRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = await OpenAsync(cancellationToken);
        var names = new RowNames(spec);
        var judge = new RowJudge(spec, names, folder.Store, spec.Input?.Base is { } images ? stores.Open(images) : folder.Store, stores.Places);
        await foreach (var row in ReadAsync(folder, names, cancellationToken))
        {
            yield return judge.Judge(row);
        }
    }

    private async IAsyncEnumerable<PlannedImage> ListImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = Listing();
        var found = spec.Input is { ByContent: true }
            ? ImageContent.FilterAsync(listing.Store, listing.ListAsync(static key => !ImageFiles.IsHidden(key), cancellationToken), cancellationToken)
            : listing.ListAsync(ImageFiles.IsImage, cancellationToken);
        var lastKey = "";
        await foreach (var image in found)
        {
            // Names that are no valid UTF-8 are read with replacement characters, so two of them can look alike.
            if (image.Key == lastKey)
            {
                throw new ObjectStoreException(
                    ObjectStoreFault.Rejected,
                    listing.Store.UriOf(image.Key),
                    $"Two images are both called '{listing.Store.UriOf(image.Key)}' once read as UTF-8: rename one of them.");
            }

            lastKey = image.Key;
            yield return new PlannedImage(image.Key, listing.Store.UriOf(image.Key), image.Bytes, image.ETag);
        }
    }

    /// <summary>Without a valid output nothing can be left out of the listing; the source itself stands in for "nothing".</summary>
    private SourceListing Listing()
    {
        var source = ObjectLocation.Parse(spec.Source);
        return new SourceListing(stores.Open(spec.Source), source, ObjectLocation.TryParse(spec.Output, out var output, out _) ? output : source);
    }
}
