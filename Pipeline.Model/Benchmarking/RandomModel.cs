using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Benchmarking;

/// <summary>A checkpoint in a temporary folder: configs and tokenizer of another folder, random weights, always the same ones. Gone when disposed.</summary>
internal sealed class RandomModel : IDisposable
{
    private const long Seed = 1;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-bench-");

    /// <exception cref="ModelLoadException">The configs are not those of a Dragonfly; the message lists every fault.</exception>
    public RandomModel(string configFolder)
    {
        try
        {
            Config = CheckpointFolder.ReadConfig(configFolder);
            CopyConfigs(configFolder);
            RandomCheckpoint.Write(Folder, Seed, ScalarType.Float32);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DragonflyConfig Config { get; }

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    private void CopyConfigs(string source)
    {
        // An index would lead to weights that are not copied.
        EnumerationOptions all = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2 };
        foreach (string file in Directory.EnumerateFiles(source, "*.json", all).Where(file => !file.EndsWith(".index.json", StringComparison.Ordinal)))
        {
            string target = Path.Combine(Folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
