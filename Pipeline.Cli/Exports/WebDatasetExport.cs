using System.Formats.Tar;
using System.Text;
using Pipeline.Cli.Datasets;
using Pipeline.Jobs.Rows;

namespace Pipeline.Cli.Exports;

/// <summary>WebDataset's tar shards: of every sample the image, its caption as text, and the whole row as JSON, under one running number.</summary>
internal static class WebDatasetExport
{
    private const int SamplesPerShard = 10_000;
    private const long BytesPerShard = 1_000_000_000;

    public static async Task<ExportResult> WriteAsync(FinishedDataset dataset, string folder, bool keepDefects, CancellationToken cancellationToken)
    {
        long written = 0, failed = 0, unfit = 0, withoutImage = 0;
        await using var shards = new TarShards(folder, SamplesPerShard, BytesPerShard);
        await foreach (var row in dataset.ReadWithImagesAsync(cancellationToken))
        {
            if (row.Annotation.Failure is not null)
            {
                failed++;
            }
            else if (Conversation.Of(row, keepDefects).Count == 0)
            {
                unfit++;
            }
            else if (await dataset.Images.FindAsync(row.Annotation, cancellationToken) is not { } image)
            {
                withoutImage++;
            }
            else
            {
                await shards.AddAsync(EntriesOf($"{written:d9}", row, image, keepDefects), cancellationToken);
                written++;
            }
        }

        await shards.CompleteAsync(cancellationToken);
        return new ExportResult(written, failed, unfit, withoutImage, shards.Count);
    }

    /// <summary>Names with dots would fall apart: WebDataset takes all behind the first for the kind of file.</summary>
    private static List<TarEntry> EntriesOf(string key, DatasetRow row, ReadOnlyMemory<byte> image, bool keepDefects)
    {
        List<TarEntry> entries = [Entry($"{key}.{Extension(row.Annotation.Format)}", image.ToArray())];
        if (row.Annotation.Caption is { } caption && (caption.Defect is null || keepDefects))
        {
            entries.Add(Entry($"{key}.txt", Encoding.UTF8.GetBytes(caption.Text)));
        }

        entries.Add(Entry($"{key}.json", SampleJson.Write(row, keepDefects)));
        return entries;
    }

    private static string Extension(string? format) => format is null or "jpeg" ? "jpg" : format;

    /// <summary>The same dataset gives the same bytes: no times, no owners.</summary>
    private static UstarTarEntry Entry(string name, byte[] content) => new(TarEntryType.RegularFile, name)
    {
        DataStream = new MemoryStream(content),
        ModificationTime = DateTimeOffset.UnixEpoch,
    };
}
