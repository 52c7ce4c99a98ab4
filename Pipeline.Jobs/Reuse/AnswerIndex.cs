using System.Collections.Concurrent;
using Parquet;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Scheduling;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Reuse;

/// <summary>Where earlier datasets hold answers of the same weights to the same prompts with the same parameters. Some 70 bytes of memory a row that is found fit.</summary>
/// <remarks>Reads five columns of every file; of images, captions and labels nothing.</remarks>
internal sealed class AnswerIndex
{
    private const int FilesAtOnce = 4;
    private static readonly string[] s_columns = ["sha256", "status", "model_revision", "parameters_hash", "prompt_hash"];

    private readonly ConcurrentDictionary<UInt128, AnswerPlace> places = [];
    private readonly string modelRevision;
    private readonly string parametersHash;

    private AnswerIndex(string modelRevision, string parametersHash) => (this.modelRevision, this.parametersHash) = (modelRevision, parametersHash);

    /// <summary>Reads the finished datasets of these folders; of two answers to the same either is kept.</summary>
    /// <exception cref="PermanentJobException">A folder holds no finished dataset any more.</exception>
    /// <exception cref="ObjectStoreException">A file cannot be read.</exception>
    public static async Task<AnswerIndex> ReadAsync(
        ObjectStores stores, IReadOnlyList<string> datasets, string modelRevision, string parametersHash, CancellationToken cancellationToken)
    {
        var index = new AnswerIndex(modelRevision, parametersHash);
        foreach (var dataset in datasets)
        {
            var store = stores.Open(dataset);
            var manifest = await new DatasetReader(store).FindAsync(cancellationToken)
                ?? throw new PermanentJobException($"'{dataset}' holds no finished dataset any more, and this job is to reuse its answers: restore it, or submit the job without it.");
            await Parallel.ForEachAsync(
                manifest.Files.Where(file => file.FailedRows < file.Rows),
                new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken },
                async (file, stop) => await index.AddAsync(store, file.File, stop));
        }

        return index;
    }

    public AnswerPlace? Find(UInt128 key) => places.TryGetValue(key, out var place) ? place : null;

    private async Task AddAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(key, cancellationToken)
            ?? throw new ObjectStoreException(ObjectStoreFault.NotFound, store.UriOf(key), $"'{store.UriOf(key)}' is gone, and the manifest of its dataset names it: restore it.");
        var file = new AnswerFile(store, key);
        await using var content = await ObjectStream.OpenAsync(store, found, cancellationToken);
        await ParquetRows.ReadOrRefuse(store, found, async () =>
        {
            await using var reader = await ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancellationToken);
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                Add(file, group, await ReadAsync(content, reader, group, cancellationToken));
            }

            return true;
        });
    }

    private void Add(AnswerFile file, int group, string?[][] columns)
    {
        for (var row = 0; row < columns[0].Length; row++)
        {
            if (columns[0][row] is { } sha256 && columns[1][row] == RowMapping.Ok && columns[2][row] == modelRevision && columns[3][row] == parametersHash)
            {
                places.TryAdd(AnswerKey.Of(sha256, columns[4][row]!), new AnswerPlace(file, checked((ushort)group), checked((ushort)row)));
            }
        }
    }

    private static async Task<string?[][]> ReadAsync(Stream content, ParquetReader reader, int group, CancellationToken cancellationToken)
    {
        var fields = ParquetColumn.Texts(reader.Schema);
        var columns = new List<string?[]>();
        foreach (var name in s_columns)
        {
            await ParquetRows.LoadAsync(content, reader.RowGroups[group], fields[name], cancellationToken);
            columns.Add(await ParquetColumn.ReadAsync(reader.RowGroups[group], fields[name], cancellationToken));
        }

        return [.. columns];
    }
}
