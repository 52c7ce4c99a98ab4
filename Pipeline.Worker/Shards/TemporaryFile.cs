namespace Pipeline.Worker.Shards;

/// <summary>A local file for one attempt's rows; deleted when disposed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    /// <param name="folder">Where; made if it is not there. Null for the system's temporary folder.</param>
    public TemporaryFile(string? folder)
    {
        folder ??= System.IO.Path.GetTempPath();
        Directory.CreateDirectory(folder);
        Path = System.IO.Path.Combine(folder, $"pipeline-shard-{Guid.NewGuid():n}.parquet");
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
