using System.Text.Json;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Specs.Validation;

/// <summary>The model is a Dragonfly checkpoint folder with all its parts; what is in them is the worker's to judge.</summary>
internal static class ModelValidator
{
    private const string Pointer = "/model";
    private const string ModelType = "dragonfly";
    private const int LongestJson = 64 << 20;

    /// <summary>Weights in one file, or in shards that an index names.</summary>
    private static readonly (string Whole, string Index)[] s_layouts =
    [
        ("model.safetensors", "model.safetensors.index.json"),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ];

    /// <summary>The towers of the published checkpoints, which name them by their hub name and hold no copy of their config.</summary>
    private static readonly string[] s_knownTowers = ["clip-vit-base-patch32", "clip-vit-large-patch14-336"];

    public static IEnumerable<SpecFault> Validate(JobSpec spec, AllowedPlaces places)
    {
        var folder = spec.Model;
        if (folder.StartsWith("s3://", StringComparison.Ordinal))
        {
            return [new(Pointer, $"\"{folder}\" lies in S3: copy the checkpoint to a folder that every worker can read, and give its path.")];
        }

        if (!Path.IsPathFullyQualified(folder))
        {
            return [new(Pointer, $"\"{folder}\" is no absolute path: give the checkpoint folder's full path on the workers.")];
        }

        if (places.FaultOfModel(folder) is { } refusal)
        {
            return [new(Pointer, refusal)];
        }

        if (!Directory.Exists(folder))
        {
            return
            [
                new(Pointer, File.Exists(folder)
                    ? $"\"{folder}\" is a file: give the folder that holds config.json, the weights and tokenizer.json."
                    : $"\"{folder}\" does not exist: give the folder of a Dragonfly checkpoint in Hugging Face layout."),
            ];
        }

        return ValidateConfig(folder).Concat(ValidateTokenizer(folder)).Concat(ValidateWeights(folder));
    }

    private static IEnumerable<SpecFault> ValidateConfig(string folder)
    {
        var file = Path.Combine(folder, "config.json");
        if (!TryReadObject(file, out var config, out var fault))
        {
            yield return fault;
            yield break;
        }

        var type = Text(config, "model_type");
        if (type != ModelType)
        {
            yield return new(Pointer, $"\"{file}\" is of model_type \"{type}\", not \"{ModelType}\": give a Dragonfly checkpoint.");
            yield break;
        }

        var tower = Text(config, "image_encoder");
        if (tower.Length == 0)
        {
            yield return new(Pointer, $"\"{file}\" has no image_encoder: name the CLIP model's subfolder in it.");
        }
        else if (!ObjectKeys.IsKey(tower))
        {
            yield return new(Pointer, $"image_encoder is \"{tower}\", which is not in the folder: name the CLIP model's subfolder.");
        }
        else if (!s_knownTowers.Contains(tower.Split('/')[^1], StringComparer.Ordinal))
        {
            var towerFile = Path.Combine(folder, tower, "config.json");
            if (!TryReadObject(towerFile, out _, out _))
            {
                yield return new(
                    Pointer, $"image_encoder is \"{tower}\", but \"{towerFile}\" is no readable JSON: put the CLIP model's config.json there.");
            }
        }
    }

    private static IEnumerable<SpecFault> ValidateTokenizer(string folder)
    {
        var file = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(file))
        {
            yield return new(Pointer, $"\"{file}\" is missing: copy the checkpoint's tokenizer.json there.");
        }
    }

    private static IEnumerable<SpecFault> ValidateWeights(string folder)
    {
        foreach (var (whole, index) in s_layouts)
        {
            if (File.Exists(Path.Combine(folder, whole)))
            {
                return [];
            }

            if (File.Exists(Path.Combine(folder, index)))
            {
                return ValidateIndex(folder, index);
            }
        }

        return
        [
            new(Pointer, $"\"{folder}\" holds no weights: put one of {string.Join(", ", s_layouts.Select(layout => layout.Whole))} there, "
                + "or the checkpoint's shards with their index."),
        ];
    }

    private static IEnumerable<SpecFault> ValidateIndex(string folder, string index)
    {
        var path = Path.Combine(folder, index);
        if (!TryReadObject(path, out var json, out var fault))
        {
            return [fault];
        }

        if (!json.TryGetProperty("weight_map", out var map) || map.ValueKind is not JsonValueKind.Object)
        {
            return [new(Pointer, $"\"{path}\" has no weight_map: fetch the checkpoint's index again.")];
        }

        return map.EnumerateObject()
            .Select(entry => entry.Value.ValueKind is JsonValueKind.String ? entry.Value.GetString()! : entry.Value.GetRawText())
            .Distinct(StringComparer.Ordinal)
            .Where(file => !ObjectKeys.IsKey(file) || !File.Exists(Path.Combine(folder, file)))
            .Select(file => new SpecFault(Pointer, ObjectKeys.IsKey(file)
                ? $"\"{Path.Combine(folder, file)}\" is missing, and {index} names it: fetch it."
                : $"{index} names \"{file}\", which is not in the folder: fetch the checkpoint's index again."));
    }

    private static bool TryReadObject(string file, out JsonElement json, out SpecFault fault)
    {
        (json, fault) = (default, new SpecFault(Pointer, ""));
        try
        {
            using var content = LocalReadStream.Open(file);
            if (content.Length > LongestJson)
            {
                fault = new(Pointer, $"\"{file}\" has {content.Length:N0} bytes, and {LongestJson:N0} are enough for any checkpoint: fetch the checkpoint's file again.");
                return false;
            }

            using var document = JsonDocument.Parse(content);
            json = document.RootElement.Clone();
            fault = new(Pointer, $"\"{file}\" is no JSON object: fetch the checkpoint's file again.");
            return json.ValueKind is JsonValueKind.Object;
        }
        catch (JsonException e)
        {
            fault = new(Pointer, $"\"{file}\" is no JSON ({e.Message}): fetch the checkpoint's file again.");
        }
        catch (ObjectStoreException e) when (e.Fault is ObjectStoreFault.NotFound)
        {
            fault = new(Pointer, $"\"{file}\" is missing: give the folder of a Dragonfly checkpoint.");
        }
        catch (ObjectStoreException e)
        {
            fault = new(Pointer, $"\"{file}\" cannot be read ({e.Message.TrimEnd('.')}): let the service's user read it.");
        }

        return false;
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}
