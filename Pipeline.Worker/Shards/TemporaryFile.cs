namespace Pipeline.Worker.Shards;

/// <summary>A local file for one attempt's rows; deleted when disposed.</summary>
/// <param name="folder">Where; null for the system's temporary folder.</param>
internal sealed class TemporaryFile(string? folder) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(folder ?? System.IO.Path.GetTempPath(), $"pipeline-shard-{Guid.NewGuid():n}.parquet");

    public void Dispose() => File.Delete(Path);
}
