namespace Pipeline.Worker.Shards;

/// <summary>A local file for one attempt's rows; deleted when disposed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pipeline-shard-{Guid.NewGuid():n}.parquet");

    public void Dispose() => File.Delete(Path);
}
