using System.Text.Json;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>The opened weights of a checkpoint folder: exactly the tensors that its config asks for, each of the right shape.</summary>
/// <remarks>Tensors may be views of the mapped files: dispose this after whatever uses them.</remarks>
public sealed class Checkpoint : IDisposable
{
    private readonly Dictionary<string, WeightFile> _fileOf;
    private readonly List<WeightFile> _files;

    private Checkpoint(Dictionary<string, WeightFile> fileOf, List<WeightFile> files)
    {
        _fileOf = fileOf;
        _files = files;
    }

    /// <exception cref="ModelLoadException">Lists every missing, unexpected and misshaped tensor, and every file that can't be read.</exception>
    public static Checkpoint Open(string folder, DragonflyConfig config)
    {
        TorchRuntime.EnsureLoaded();
        List<string> faults = [];
        List<WeightFile> files = [];
        var fileOf = new Dictionary<string, WeightFile>(StringComparer.Ordinal);
        foreach (string path in WeightFiles(folder, faults))
        {
            try
            {
                var file = WeightFile.Open(path);
                files.Add(file);
                faults.AddRange(file.Tensors.Keys.Where(name => !fileOf.TryAdd(name, file)).Select(name => $"tensor '{name}' is in two files"));
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                faults.Add($"'{path}' can't be read: {e.Message}");
            }
        }

        if (faults.Count == 0)
        {
            faults.AddRange(Mismatches(config, fileOf));
        }

        if (faults.Count > 0)
        {
            files.ForEach(file => file.Dispose());
            throw new ModelLoadException(folder, faults);
        }

        return new Checkpoint(fileOf, files);
    }

    public bool Has(string name) => _fileOf.ContainsKey(name);

    /// <summary>A tensor of the type and on the device asked for; where the file has both already, a view of it.</summary>
    public Tensor Read(string name, ScalarType type, Device device)
    {
        Tensor stored = _fileOf[name].Read(name);
        return stored.to(type, device, disposeAfter: true);
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static IEnumerable<string> Mismatches(DragonflyConfig config, Dictionary<string, WeightFile> fileOf)
    {
        var expected = DragonflyParameters.Of(config);
        foreach (var (name, shape) in expected)
        {
            if (!fileOf.TryGetValue(name, out WeightFile? file))
            {
                yield return $"tensor '{name}' is missing";
            }
            else if (!file.Tensors[name].Shape.AsSpan().SequenceEqual(shape))
            {
                yield return $"tensor '{name}' has shape [{string.Join(", ", file.Tensors[name].Shape)}], and the config asks for [{string.Join(", ", shape)}]";
            }
        }

        foreach (string name in fileOf.Keys.Where(name => !expected.ContainsKey(name) && !DragonflyParameters.IsIgnored(name)).Order(StringComparer.Ordinal))
        {
            // Tied checkpoints of some writers hold the head as well.
            if (!(name == DragonflyParameters.LanguageHead && config.Language.TieWordEmbeddings))
            {
                yield return $"tensor '{name}' is unexpected";
            }
        }
    }

    /// <summary>As transformers looks for them: safetensors before PyTorch's own, one file before shards.</summary>
    private static List<string> WeightFiles(string folder, List<string> faults)
    {
        foreach (string name in (string[])["model.safetensors", "pytorch_model.bin"])
        {
            string single = Path.Combine(folder, name), index = single + ".index.json";
            if (File.Exists(single))
            {
                return [single];
            }

            if (File.Exists(index))
            {
                return IndexedFiles(folder, index, faults);
            }
        }

        faults.Add("it holds no weights: neither model.safetensors nor pytorch_model.bin, nor the .index.json of shards of either");
        return [];
    }

    private static List<string> IndexedFiles(string folder, string index, List<string> faults)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            var names = json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => entry.Value.GetString()!).Distinct(StringComparer.Ordinal);
            List<string> paths = [];
            foreach (string name in names.Order(StringComparer.Ordinal))
            {
                if (name != Path.GetFileName(name))
                {
                    faults.Add($"'{index}' names '{name}', which is not a file beside it");
                }
                else if (!File.Exists(Path.Combine(folder, name)))
                {
                    faults.Add($"'{name}', which '{index}' names, does not exist");
                }
                else
                {
                    paths.Add(Path.Combine(folder, name));
                }
            }

            return paths;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or UnauthorizedAccessException)
        {
            faults.Add($"'{index}' can't be read: {e.Message}");
            return [];
        }
    }
}
