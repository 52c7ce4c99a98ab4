using System.IO.Compression;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Golden;

/// <summary>What is committed of the reference's numbers: see Excerpt/README.md.</summary>
internal static class GoldenExcerpt
{
    public static string Image => Path.Combine(Source, "square.png");

    private static string Source { get; } = Path.Combine(Repository.Root, "tests", "Pipeline.Model.Tests", "Golden", "Excerpt");

    /// <summary>Puts config, weights and <c>case.json</c> of a version into a folder, which is made.</summary>
    public static void Unpack(string version, string folder)
    {
        string source = Path.Combine(Source, version);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (file.EndsWith(".gz", StringComparison.Ordinal))
            {
                using var unzipped = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
                using FileStream copy = File.Create(target[..^3]);
                unzipped.CopyTo(copy);
            }
            else
            {
                File.Copy(file, target);
            }
        }
    }
}
