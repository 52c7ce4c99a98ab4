using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Model.Engine;

namespace Pipeline.Model.Configuration;

/// <summary>Reads the configs of a checkpoint folder in Hugging Face layout.</summary>
public static class CheckpointFolder
{
    /// <exception cref="ModelLoadException">Lists everything wrong with the configs.</exception>
    public static DragonflyConfig ReadConfig(string folder)
    {
        List<string> faults = [];
        using JsonDocument? root = ReadJson(Path.Combine(folder, "config.json"), faults);
        if (root is null)
        {
            throw new ModelLoadException(folder, faults);
        }

        string? type = Text(root.RootElement, "model_type");
        if (type != "dragonfly")
        {
            faults.Add($"config.json has model_type '{type}'; a Dragonfly checkpoint has 'dragonfly'");
        }

        LlamaConfig? language = null;
        if (root.RootElement.TryGetProperty("text_config", out JsonElement text) && text.ValueKind == JsonValueKind.Object)
        {
            language = Read(text, ConfigJson.Default.LlamaConfig, "text_config", faults);
        }
        else
        {
            faults.Add("config.json has no text_config");
        }

        ClipVisionConfig? vision = ReadVision(folder, Text(root.RootElement, "image_encoder"), faults);
        faults.AddRange([.. language?.Faults() ?? [], .. vision?.Faults() ?? []]);
        if (faults.Count == 0)
        {
            var config = new DragonflyConfig { Language = language!, Vision = vision!, Version = ReadVersion(root.RootElement, vision!, faults) };
            faults.AddRange(faults.Count == 0 ? config.Faults() : []);
            if (faults.Count == 0)
            {
                return config;
            }
        }

        throw new ModelLoadException(folder, faults);
    }

    /// <summary>Config of a language model by itself, as <c>LlamaForCausalLM</c> saves it.</summary>
    internal static LlamaConfig ReadLanguage(string file) => JsonSerializer.Deserialize(File.ReadAllBytes(file), ConfigJson.Default.LlamaConfig)!;

    /// <summary>Config of a vision tower, nested in a CLIPModel's or by itself.</summary>
    internal static ClipVisionConfig ReadVisionConfig(string file)
    {
        List<string> faults = [];
        return ReadVision(Path.GetDirectoryName(file)!, ".", faults) ?? throw new InvalidDataException(string.Join("; ", faults));
    }

    /// <summary>The vision tower's config: a subfolder that <c>image_encoder</c> names, or one of the two published towers by its hub name.</summary>
    private static ClipVisionConfig? ReadVision(string folder, string? encoder, List<string> faults)
    {
        if (string.IsNullOrEmpty(encoder))
        {
            faults.Add("config.json has no image_encoder");
            return null;
        }

        string file = Path.Combine(folder, encoder, "config.json");
        if (!File.Exists(file))
        {
            switch (encoder.Split('/')[^1])
            {
                case "clip-vit-base-patch32":
                    return ClipVisionConfig.BasePatch32;
                case "clip-vit-large-patch14-336":
                    return ClipVisionConfig.LargePatch14At336;
                default:
                    faults.Add($"image_encoder is '{encoder}', and there is no '{file}'; put the CLIP model's config.json there");
                    return null;
            }
        }

        using JsonDocument? json = ReadJson(file, faults);
        if (json is null)
        {
            return null;
        }

        // Either a CLIPModel with both towers' configs, or a clip_vision_model by itself.
        bool nested = json.RootElement.TryGetProperty("vision_config", out JsonElement vision);
        return Read(nested ? vision : json.RootElement, ConfigJson.Default.ClipVisionConfig, file, faults);
    }

    /// <summary>
    /// The published configs don't say which Dragonfly they are; their towers do: 7×7 patches are v1, 24×24 are v2. Other
    /// geometries state it as <c>dragonfly_version</c>, which is this project's own key.
    /// </summary>
    private static DragonflyVersion ReadVersion(JsonElement root, ClipVisionConfig vision, List<string> faults)
    {
        if (root.TryGetProperty("dragonfly_version", out JsonElement stated))
        {
            if (stated.ValueKind == JsonValueKind.Number && stated.TryGetInt32(out int number) && number is 1 or 2)
            {
                return (DragonflyVersion)number;
            }

            faults.Add($"config.json has dragonfly_version {stated.GetRawText()}; it is 1 or 2");
            return default;
        }

        switch (vision.Grid)
        {
            case 7:
                return DragonflyVersion.V1;
            case 24:
                return DragonflyVersion.V2;
            default:
                faults.Add($"config.json has no dragonfly_version, and {vision.Grid}×{vision.Grid} patches tell neither v1 (7×7) from v2 (24×24); add \"dragonfly_version\": 1 or 2");
                return default;
        }
    }

    private static JsonDocument? ReadJson(string file, List<string> faults)
    {
        try
        {
            var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }

            json.Dispose();
            faults.Add($"'{file}' is not a JSON object");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(e is FileNotFoundException or DirectoryNotFoundException ? $"'{file}' does not exist" : $"'{file}' can't be read: {e.Message}");
        }
        catch (JsonException e)
        {
            faults.Add($"'{file}' is not JSON: {e.Message}");
        }

        return null;
    }

    private static T? Read<T>(JsonElement json, JsonTypeInfo<T> type, string what, List<string> faults)
        where T : class
    {
        try
        {
            return json.Deserialize(type);
        }
        catch (JsonException e)
        {
            faults.Add($"{what} has a value of the wrong type at {e.Path}: {e.Message}");
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
