using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Cards;

/// <summary>Rows of a dataset to show to people.</summary>
public static class SampleRows
{
    /// <summary>The first annotated rows, with their images where the dataset holds them. Reads no further than it has to.</summary>
    /// <exception cref="ObjectStoreException">A file cannot be read.</exception>
    public static ValueTask<List<DatasetRow>> ReadAsync(IObjectStore output, DatasetManifest manifest, int rows, CancellationToken cancellationToken) =>
        manifest.Files.Where(file => file.FailedRows < file.Rows).ToAsyncEnumerable()
            .SelectMany(file => ShardFileReader.ReadWithImagesAsync(output, file.File, cancellationToken))
            .Where(row => row.Annotation.Failure is null)
            .Take(rows)
            .ToListAsync(cancellationToken);
}
