using System.IO.Compression;
using System.Security.Cryptography;
using Parquet;
using Parquet.Serialization;
using Pipeline.Jobs.Statistics;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Rows;

/// <summary>Writes the rows of one shard attempt into a local Parquet file, holding one row group in memory.</summary>
public sealed class ShardFileWriter : IAsyncDisposable
{
    /// <summary>Most rows of a row group.</summary>
    private const int RowsPerGroup = 1_000;

    /// <summary>Most characters of text and bytes of images in a row group, whatever its rows: well below the 100 MB that readers like. A bigger image has a group of its own.</summary>
    private const long CharactersPerGroup = 32_000_000;

    private readonly FileStream file;
    private readonly RowProvenance provenance;
    private readonly bool embedsImages;
    private readonly StatisticsBuilder statistics = new();
    private readonly List<ParquetRow> group = [];
    private long groupCharacters;
    private bool started;

    private ShardFileWriter(FileStream file, RowProvenance provenance, bool embedsImages) =>
        (this.file, this.provenance, this.embedsImages) = (file, provenance, embedsImages);

    public int Rows { get; private set; }

    /// <summary>Of <see cref="Rows"/>, the failures.</summary>
    public int FailedRows { get; private set; }

    /// <summary>Creates the file, or replaces it.</summary>
    /// <exception cref="ObjectStoreException">It cannot be made; as later of every write, <see cref="ObjectStoreFault.Full"/> on a full disk.</exception>
    /// <param name="path">Of the file.</param>
    /// <param name="provenance">Of every row.</param>
    /// <param name="embedsImages">Whether the file has the column <c>image</c>.</param>
    public static ShardFileWriter Create(string path, RowProvenance provenance, bool embedsImages = false) =>
        new(Open(path), provenance, embedsImages);

    /// <summary>Adds a row after those before it.</summary>
    public Task WriteAsync(AnnotationRow row, CancellationToken cancellationToken) => WriteAsync(new DatasetRow(row, row.Origin ?? provenance), cancellationToken);

    /// <summary>Adds a row that was made before, with the provenance it has.</summary>
    public async Task WriteAsync(DatasetRow made, CancellationToken cancellationToken)
    {
        var row = made.Annotation;
        var characters = CharactersOf(row) + (embedsImages ? row.Image?.Length ?? 0 : 0);
        if (group.Count >= RowsPerGroup || (group.Count > 0 && groupCharacters + characters > CharactersPerGroup))
        {
            await WriteGroupAsync(cancellationToken);
        }

        group.Add(embedsImages ? RowMapping.ToParquetWithImage(row, made.Provenance) : RowMapping.ToParquet(row, made.Provenance));
        groupCharacters += characters;
        statistics.Add(row, isReused: made.Provenance.JobId != provenance.JobId);
        Rows++;
        FailedRows += row.Failure is null ? 0 : 1;
    }

    /// <summary>Writes what is left and closes the file. Until then it cannot be read.</summary>
    public async Task<ShardFile> CompleteAsync(CancellationToken cancellationToken)
    {
        if (group.Count > 0 || !started)
        {
            await WriteGroupAsync(cancellationToken);
        }

        file.Position = 0;
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Position = 0;
        var written = new ShardFile
        {
            Path = file.Name,
            Rows = Rows,
            FailedRows = FailedRows,
            Bytes = file.Length,
            Statistics = statistics.Build(),
            Sha256 = sha256,
            Tags = await ContentTags.OfAsync(file, cancellationToken),
        };
        await file.DisposeAsync();
        return written;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await file.DisposeAsync();
        }
        catch (Exception fault) when (IsOfTheDisk(fault))
        {
            // A file that was not completed; why is what the caller hears of.
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception fault) when (IsOfTheDisk(fault))
        {
            throw LocalFaults.Translate(path, fault);
        }
    }

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SerializeGroupAsync(cancellationToken);
            await file.FlushAsync(cancellationToken);
        }
        catch (Exception fault) when (IsOfTheDisk(fault))
        {
            throw LocalFaults.Translate(file.Name, fault);
        }

        started = true;
        group.Clear();
        groupCharacters = 0;
    }

    private async Task SerializeGroupAsync(CancellationToken cancellationToken)
    {
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            // The default, SmallestSize, takes fifty times as long for a few percent.
            CompressionLevel = CompressionLevel.Optimal,
            RowGroupSize = RowsPerGroup,
            Append = started,
        };
        file.Position = 0;
        if (embedsImages)
        {
            await ParquetSerializer.SerializeAsync(group.Cast<ParquetImageRow>(), file, options, DatasetSchema.MetadataOf<ParquetImageRow>(), cancellationToken);
        }
        else
        {
            await ParquetSerializer.SerializeAsync(group, file, options, DatasetSchema.MetadataOf<ParquetRow>(), cancellationToken);
        }
    }

    private static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Log-probabilities count as text: a long caption has as many bytes of them as of text, and more.</summary>
    private static long CharactersOf(AnnotationRow row) =>
        (row.Caption is { } caption ? caption.Text.Length + caption.Rejected.Sum(rejected => (long)rejected.Text.Length) + NumbersOf(caption.LogProbabilities) : 0)
        + row.Id.Length
        + row.SourceUri.Length
        + (row.FailureMessage?.Length ?? 0)
        + row.Labels.Sum(label =>
            label.Question.Length + label.Answer.Length + NumbersOf(label.LogProbabilities) + label.Choices.Sum(choice => (long)choice.Choice.Length));

    private static long NumbersOf(IReadOnlyList<double> values) => (long)sizeof(double) * values.Count;
}
