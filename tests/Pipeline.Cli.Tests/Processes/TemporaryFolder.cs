namespace Pipeline.Cli.Tests.Processes;

/// <summary>A folder of one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pipeline-cli-tests-").FullName;

    public string this[params string[] path] => System.IO.Path.Combine([Path, .. path]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
