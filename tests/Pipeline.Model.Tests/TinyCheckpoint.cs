using Pipeline.TestServers;

namespace Pipeline.Model.Tests;

/// <summary>The shipped checkpoint, and copies of it that a test may damage.</summary>
internal sealed class TinyCheckpoint : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("checkpoint");

    public TinyCheckpoint()
    {
        foreach (string file in Directory.EnumerateFiles(Shipped, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Folder, Path.GetRelativePath(Shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public static string Shipped { get; } = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2");

    public string Folder => _copy.FullName;

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Edit(string file, string from, string to)
    {
        string text = File.ReadAllText(PathOf(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(PathOf(file), text.Replace(from, to, StringComparison.Ordinal));
    }

    public void Dispose() => _copy.Delete(recursive: true);
}
