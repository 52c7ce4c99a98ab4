using System.Text.Json;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>The opened weights of a checkpoint folder: exactly the tensors that its config asks for, each of the right shape.</summary>
public sealed class Checkpoint : IDisposable
{
    private readonly Dictionary<string, SafetensorsFile> _fileOf;
    private readonly List<SafetensorsFile> _files;

    private Checkpoint(Dictionary<string, SafetensorsFile> fileOf, List<SafetensorsFile> files)
    {
        _fileOf = fileOf;
        _files = files;
    }

    /// <exception cref="ModelLoadException">Lists every missing, unexpected and misshaped tensor, and every file that can't be read.</exception>
    public static Checkpoint Open(string folder, DragonflyConfig config)
    {
        TorchRuntime.EnsureLoaded();
        List<string> faults = [];
        List<SafetensorsFile> files = [];
        var fileOf = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        foreach (string path in WeightFiles(folder, faults))
        {
            try
            {
                var file = new SafetensorsFile(path);
                files.Add(file);
                faults.AddRange(file.Entries.Keys.Where(name => !fileOf.TryAdd(name, file)).Select(name => $"tensor '{name}' is in two files"));
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

    /// <summary>A fresh tensor of the type and on the device asked for.</summary>
    public Tensor Read(string name, ScalarType type, Device device)
    {
        Tensor stored = _fileOf[name].Read(name);
        return stored.to(type, device, disposeAfter: true);
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static IEnumerable<string> Mismatches(DragonflyConfig config, Dictionary<string, SafetensorsFile> fileOf)
    {
        var expected = DragonflyParameters.Of(config);
        foreach (var (name, shape) in expected)
        {
            if (!fileOf.TryGetValue(name, out SafetensorsFile? file))
            {
                yield return $"tensor '{name}' is missing";
            }
            else if (!file.Entries[name].Shape.AsSpan().SequenceEqual(shape))
            {
                yield return $"tensor '{name}' has shape [{string.Join(", ", file.Entries[name].Shape)}], and the config asks for [{string.Join(", ", shape)}]";
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

    private static List<string> WeightFiles(string folder, List<string> faults)
    {
        string single = Path.Combine(folder, "model.safetensors"), index = single + ".index.json";
        if (File.Exists(single))
        {
            return [single];
        }

        if (File.Exists(index))
        {
            return IndexedFiles(folder, index, faults);
        }

        faults.Add(Directory.Exists(folder) && Directory.EnumerateFiles(folder, "pytorch_model*.bin").Any()
            ? "its weights are PyTorch .bin files, which are not read yet; save the model with safe_serialization=True"
            : "it holds neither model.safetensors nor model.safetensors.index.json");
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
