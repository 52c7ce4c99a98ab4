using System.Text.Json;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Weights;

/// <summary>All tensors of a checkpoint folder, in however many files of whichever form.</summary>
/// <remarks>Tensors may be views of the mapped files: dispose this after whatever uses them.</remarks>
public sealed class WeightFiles : IWeights
{
    private readonly Dictionary<string, WeightFile> _fileOf;
    private readonly List<WeightFile> _files;

    private WeightFiles(Dictionary<string, WeightFile> fileOf, List<WeightFile> files)
    {
        _fileOf = fileOf;
        _files = files;
        Tensors = fileOf.ToDictionary(pair => pair.Key, pair => pair.Value.Tensors[pair.Key], StringComparer.Ordinal);
    }

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <exception cref="ModelLoadException">Lists every file that is missing or can't be read.</exception>
    public static WeightFiles Open(string folder)
    {
        TorchRuntime.EnsureLoaded();
        List<string> faults = [];
        List<WeightFile> files = [];
        var fileOf = new Dictionary<string, WeightFile>(StringComparer.Ordinal);
        foreach (string path in Find(folder, faults))
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

        if (faults.Count > 0)
        {
            files.ForEach(file => file.Dispose());
            throw new ModelLoadException(folder, faults);
        }

        return new WeightFiles(fileOf, files);
    }

    public bool Has(string name) => _fileOf.ContainsKey(name);

    /// <summary>A tensor of the type and on the device asked for; where the file has both already, a view of it.</summary>
    public Tensor Read(string name, ScalarType type, Device device) => Tensors[name].Type == type && device.type == DeviceType.CPU
        ? _fileOf[name].Read(name)
        : ReadStacked([name], type, device);

    /// <summary>Tensors one below the other along their first dimension. Memory is taken for the result alone, and each is copied into its rows.</summary>
    /// <param name="names">Of tensors whose other dimensions are equal.</param>
    /// <param name="type">Element type of the result.</param>
    /// <param name="device">Where the result lies.</param>
    public Tensor ReadStacked(IReadOnlyList<string> names, ScalarType type, Device device)
    {
        long[][] shapes = [.. names.Select(name => Tensors[name].Shape)];
        if (shapes is [[]])
        {
            Tensor scalar = empty([], type, device);
            _fileOf[names[0]].CopyTo(names[0], scalar);
            return scalar;
        }

        Tensor stacked = empty([shapes.Sum(shape => shape[0]), .. shapes[0][1..]], type, device);
        long row = 0;
        foreach (var (name, shape) in names.Zip(shapes))
        {
            using Tensor rows = stacked.narrow(0, row, shape[0]);
            _fileOf[name].CopyTo(name, rows);
            row += shape[0];
        }

        return stacked;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    /// <summary>As transformers looks for them: safetensors before PyTorch's own, one file before shards.</summary>
    private static List<string> Find(string folder, List<string> faults)
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
