using System.Text.Json;
using Pipeline.TestServers;

namespace Pipeline.Model.Tests.Golden;

/// <summary>One image and prompt with everything that the reference implementation computed for it.</summary>
internal sealed class GoldenCase
{
    public static readonly string[] V1Names =
        ["exif", "gray", "large", "palette", "portrait", "rgba", "square", "tall", "tall_big", "tiny", "wide", "wide_big"];

    public static readonly string[] V2Names = ["exif", "gray", "large", "palette", "rgba", "square", "tall", "tiny", "wide"];

    private readonly JsonElement _json;

    private GoldenCase(string version, string name)
    {
        _json = JsonDocument.Parse(File.ReadAllBytes(ReferenceData.Folder("golden", version, "cases", $"{name}.json"))).RootElement;
        TensorFile = ReferenceData.Folder("golden", version, "cases", $"{name}.safetensors");
    }

    public static GoldenCase Read(string version, string name) => new(version, name);

    public string Prompt => _json.GetProperty("prompt").GetString()!;

    public string TensorFile { get; }

    /// <summary>From BOS on.</summary>
    public int[] PromptIds => Numbers(_json.GetProperty("prompt_token_ids"));

    public int[] GreedyTokens => Numbers(_json.GetProperty("generate").GetProperty("tokens"));

    public double[] LogProbabilities => [.. _json.GetProperty("generate").GetProperty("logprobs").EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>The image without JPEG decoding: decoders differ by a few grey levels, and then tokens may.</summary>
    public byte[] Image
    {
        get
        {
            string image = _json.GetProperty("image").GetString()!;
            string file = image.EndsWith(".jpg", StringComparison.Ordinal) ? image.Replace(".jpg", ".decoded.png", StringComparison.Ordinal) : image;
            return File.ReadAllBytes(ReferenceData.Folder("golden", file));
        }
    }

    /// <summary>v1: the kept high crops in the order in which they enter.</summary>
    public int[] SelectedHighCrops => Numbers(_json.GetProperty("selected_high_crops_sorted"));

    /// <summary>v1: each region's six scores.</summary>
    public double[][] SelectionScores =>
        [.. _json.GetProperty("selection").EnumerateArray().Select(region => region.GetProperty("scores").EnumerateArray().Select(value => value.GetDouble()).ToArray())];

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
