using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scenes.Dataset;

/// <summary>Writes scenes as a folder of images with their ground truth.</summary>
public static class DatasetWriter
{
    /// <summary>A line of JSON for each image.</summary>
    public const string TruthFile = "truth.jsonl";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <param name="folder">Made if it is not there; files of the same names are replaced.</param>
    /// <param name="seeds">One a scene.</param>
    /// <param name="options">How hard the scenes may be.</param>
    /// <returns>Images written.</returns>
    public static int Write(string folder, IEnumerable<long> seeds, SceneOptions options)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        using var truth = new StreamWriter(Path.Combine(folder, TruthFile));
        var count = 0;
        foreach (var seed in seeds)
        {
            var scene = SceneGenerator.Draw(seed, options);
            var (bytes, extension) = SceneImages.Encode(scene);
            var name = $"images/scene-{count++:00000}.{extension}";
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            truth.WriteLine(JsonSerializer.Serialize(
                new { Image = name, scene.Seed, scene.Width, scene.Height, scene.Objects, scene.Signs, scene.Captions, scene.Questions }, s_json));
        }

        return count;
    }
}
