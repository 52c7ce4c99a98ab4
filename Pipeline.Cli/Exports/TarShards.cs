using System.Formats.Tar;

namespace Pipeline.Cli.Exports;

/// <summary>Tar files in a folder, <c>train-000000.tar</c> and so on; a full one is followed by the next.</summary>
internal sealed class TarShards(string folder, int samplesPerShard, long bytesPerShard) : IAsyncDisposable
{
    private PartialExport? _file;
    private TarWriter? _tar;
    private int _samples;

    /// <summary>Files so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the files of one sample, all into one shard.</summary>
    public async Task AddAsync(IReadOnlyList<TarEntry> entries, CancellationToken cancellationToken)
    {
        if (_samples == samplesPerShard || _file?.Content.Position >= bytesPerShard)
        {
            await CompleteAsync(cancellationToken);
        }

        if (_tar is null)
        {
            _file = PartialExport.Create(Path.Combine(folder, $"train-{Count:d6}.tar"));
            _tar = new TarWriter(_file.Content, TarEntryFormat.Ustar, leaveOpen: true);
            Count++;
        }

        foreach (var entry in entries)
        {
            await _tar.WriteEntryAsync(entry, cancellationToken);
        }

        _samples++;
    }

    /// <summary>Gives the file under way its name.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_tar is null || _file is null)
        {
            return;
        }

        await _tar.DisposeAsync();
        await _file.CompleteAsync(cancellationToken);
        (_tar, _file, _samples) = (null, null, 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tar is not null)
        {
            await _tar.DisposeAsync();
        }

        if (_file is not null)
        {
            await _file.DisposeAsync();
        }
    }
}
