using Pipeline.Model.Engine;
using Pipeline.Model.Native;

namespace Pipeline.Model.Verification;

/// <summary>Compares this implementation with a folder of the reference's results, whatever the folder holds.</summary>
/// <remarks>The layout is the golden data's (its README.md). Folders, cases, images and sizes are discovered, not listed.</remarks>
public static class ReferenceVerifier
{
    /// <summary>Runs every check that the folders allow, one after the other; results come as they are found.</summary>
    /// <param name="folder">The golden folder.</param>
    /// <param name="tokenizer">A folder with tokenizer.json and vectors.json, or null.</param>
    /// <exception cref="DirectoryNotFoundException">A folder is missing, or holds nothing to compare.</exception>
    public static IEnumerable<CheckResult> Run(string folder, string? tokenizer)
    {
        TorchRuntime.EnsureLoaded();
        List<IEnumerable<CheckResult>> parts = [.. Parts(folder), .. tokenizer is null ? [] : new[] { Tokenizer(tokenizer) }];
        return parts.Count > 0
            ? parts.SelectMany(results => results)
            : throw new DirectoryNotFoundException($"'{folder}' holds nothing to compare: neither MODEL/cases, preprocess, towers nor images. Name a folder in the layout of the golden data.");
    }

    /// <summary>Runs the cases of every model in the folder on a device and in numbers of one's choice, and compares their answers alone.</summary>
    /// <param name="folder">The golden folder.</param>
    /// <param name="options">Device, type and quantization count.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is missing, or holds no model with cases.</exception>
    public static IEnumerable<CheckResult> RunOn(string folder, EngineOptions options)
    {
        TorchRuntime.EnsureLoaded();
        string[] models = Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Where(child => Directory.Exists(Path.Combine(child, "cases"))).Order(StringComparer.Ordinal)] : [];
        return models.Length > 0
            ? models.SelectMany(model => Deferred(() => PlacementChecks.Run(folder, model, options)))
            : throw new DirectoryNotFoundException($"'{folder}' holds no MODEL/cases to compare. Name a folder in the layout of the golden data.");
    }

    private static IEnumerable<IEnumerable<CheckResult>> Parts(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"'{folder}' does not exist.");
        }

        string images = Path.Combine(folder, "images"), preprocess = Path.Combine(folder, "preprocess"), towers = Path.Combine(folder, "towers");
        if (File.Exists(Path.Combine(images, "images.json")))
        {
            yield return Deferred(() => PreprocessChecks.Images(images));
        }

        if (Directory.Exists(preprocess))
        {
            yield return PreprocessChecks.Run(preprocess);
        }

        foreach (string file in Directory.Exists(towers) ? Files(towers, "*.safetensors") : [])
        {
            yield return Deferred(() => Tower(file));
        }

        foreach (string child in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (Directory.Exists(Path.Combine(child, "cases")))
            {
                yield return VersionFolder.Run(folder, child);
            }
            else if (File.Exists(Path.Combine(child, "config.json")))
            {
                yield return Deferred(() => OtherForm(folder, child));
            }
        }
    }

    private static IReadOnlyList<CheckResult> Tower(string tensorFile)
    {
        string name = Path.GetFileNameWithoutExtension(tensorFile), folder = Path.ChangeExtension(tensorFile, null);
        if (Directory.Exists(folder))
        {
            bool isClip = ReferenceCase.ReadJson(Path.Combine(folder, "config.json")).GetProperty("model_type").GetString()!.StartsWith("clip", StringComparison.Ordinal);
            return isClip ? ClipTowerChecks.Run(name, folder, tensorFile) : LlamaTowerChecks.Run(name, folder, tensorFile);
        }

        switch (name)
        {
            case "units":
                return UnitChecks.Operations(tensorFile);
            case "rope_full_size":
                return UnitChecks.FullSizeRotary(tensorFile);
            default:
                var checks = new CheckList($"towers/{name}");
                checks.Skip(name, "neither a tower with a model folder nor a set of operations known to this version");
                return checks.Results;
        }
    }

    /// <summary><c>v2-bf16</c> is another form of <c>v2/model</c>.</summary>
    private static IReadOnlyList<CheckResult> OtherForm(string root, string folder)
    {
        string name = Path.GetFileName(folder), original = Path.Combine(root, name.Split('-')[0], "model");
        if (Directory.Exists(original))
        {
            return WeightFormChecks.Run(name, folder, original);
        }

        var checks = new CheckList(name);
        checks.Fail("original", 0, $"'{original}', whose weights it should hold in another form, does not exist");
        return checks.Results;
    }

    private static IEnumerable<CheckResult> Tokenizer(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "vectors.json")))
        {
            throw new DirectoryNotFoundException($"'{folder}' holds no vectors.json beside its tokenizer.json.");
        }

        return Deferred(() => TokenizerChecks.Run(folder));
    }

    internal static string[] Files(string folder, string pattern) => [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];

    internal static IEnumerable<CheckResult> Deferred(Func<IReadOnlyList<CheckResult>> checks)
    {
        foreach (CheckResult result in checks())
        {
            yield return result;
        }
    }
}
