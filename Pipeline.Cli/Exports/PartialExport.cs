namespace Pipeline.Cli.Exports;

/// <summary>A file that has its name only once it is whole.</summary>
internal sealed class PartialExport : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _content;

    private PartialExport(string path)
    {
        _path = path;
        _content = new FileStream(Temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
    }

    public Stream Content => _content;

    private string Temporary => _path + ".partial";

    public static PartialExport Create(string path) => new(path);

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _content.FlushAsync(cancellationToken);
        await _content.DisposeAsync();
        File.Move(Temporary, _path);
    }

    public async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        File.Delete(Temporary);
    }
}
