namespace Pipeline.Model.Verification;

/// <summary>One model of a golden folder with its cases: <c>v1</c> or <c>v2</c>.</summary>
internal static class VersionFolder
{
    public static IEnumerable<CheckResult> Run(string root, string folder)
    {
        string version = Path.GetFileName(folder), cases = Path.Combine(folder, "cases"), modelFolder = Path.Combine(folder, "model");
        var loading = new CheckList(version);
        LoadedModel? loaded = null;
        loading.Run("loading", () => loaded = new LoadedModel(modelFolder));
        using LoadedModel? model = loaded;
        foreach (CheckResult result in model is null
            ? loading.Results
            : ReferenceVerifier.Files(cases, "*.json").SelectMany(file => Case(root, version, cases, file, model)))
        {
            yield return result;
        }
    }

    private static IReadOnlyList<CheckResult> Case(string root, string version, string cases, string file, LoadedModel model)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        switch (name)
        {
            case "batch_left":
                return BatchChecks.Run(version, root, cases, model);
            case "extras":
                return ExtrasChecks.Run(version, root, cases, model);
            case "bf16":
                return Bfloat16(root, version, cases);
            case "train_batch":
                return TrainingChecks.Run(version, root, cases, model);
            default:
                return CaseChecks.Run(version, ReferenceCase.Read(root, file), model, Path.ChangeExtension(file, ".safetensors"));
        }
    }

    private static IReadOnlyList<CheckResult> Bfloat16(string root, string version, string cases)
    {
        string folder = Path.Combine(root, $"{version}-bf16");
        if (Directory.Exists(folder))
        {
            return Bfloat16Checks.Run(version, root, cases, folder);
        }

        var checks = new CheckList($"{version}/bf16");
        checks.Skip("bf16", $"there is no '{folder}' with the weights in bfloat16");
        return checks.Results;
    }
}
