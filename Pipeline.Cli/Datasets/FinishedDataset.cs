using Microsoft.Extensions.Configuration;
using Pipeline.Cli.Commands;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Statistics;
using Pipeline.Jobs.Storage;

namespace Pipeline.Cli.Datasets;

/// <summary>A finished dataset, wherever it lies, for the verbs that read one.</summary>
internal sealed class FinishedDataset : IDisposable
{
    private readonly ObjectStores _stores;

    private FinishedDataset(ObjectStores stores, IObjectStore output, DatasetManifest manifest) =>
        (_stores, Output, Manifest, Images) = (stores, output, manifest, new RowImages(stores));

    public IObjectStore Output { get; }

    public DatasetManifest Manifest { get; }

    public RowImages Images { get; }

    /// <param name="place">A folder, or <c>s3://bucket/prefix</c>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="CommandException">There is no finished dataset.</exception>
    public static async Task<FinishedDataset> OpenAsync(string place, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables("PIPELINE_").Build();
        var stores = new ObjectStores(S3Options.From(configuration), TimeProvider.System);
        try
        {
            var output = stores.Open(place.Contains("://", StringComparison.Ordinal) ? place : Path.GetFullPath(place));
            return new FinishedDataset(stores, output, await new DatasetReader(output).FindAsync(cancellationToken) ?? throw CommandException.Failure(
                $"'{place}' holds no finished dataset ({OutputLayout.Success} is not there): name the --output of a job that is done."));
        }
        catch (ObjectLocationException e)
        {
            stores.Dispose();
            throw CommandException.Usage(e.Message);
        }
        catch
        {
            stores.Dispose();
            throw;
        }
    }

    /// <summary>All rows in order, without their images.</summary>
    public IAsyncEnumerable<DatasetRow> ReadAsync(CancellationToken cancellationToken) =>
        Manifest.Files.ToAsyncEnumerable().SelectMany(file => ShardFileReader.ReadAsync(Output, file.File, cancellationToken));

    /// <summary>All rows in order, with their images where the dataset holds them.</summary>
    public IAsyncEnumerable<DatasetRow> ReadWithImagesAsync(CancellationToken cancellationToken) =>
        Manifest.Files.ToAsyncEnumerable().SelectMany(file => ShardFileReader.ReadWithImagesAsync(Output, file.File, cancellationToken));

    /// <summary>As the manifest has them; of datasets of earlier versions counted anew, which reads every row.</summary>
    public async Task<DatasetStatistics> StatisticsAsync(CancellationToken cancellationToken)
    {
        if (Manifest.Statistics is { } counted)
        {
            return counted;
        }

        var statistics = new StatisticsBuilder();
        await foreach (var row in ReadAsync(cancellationToken))
        {
            statistics.Add(row.Annotation);
        }

        return statistics.Build();
    }

    public void Dispose() => _stores.Dispose();
}
