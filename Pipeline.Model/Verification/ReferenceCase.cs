using System.Text.Json;

namespace Pipeline.Model.Verification;

/// <summary>One image and prompt of a golden folder, with what the reference said of them.</summary>
/// <param name="Root">The golden folder, to which the image's path is relative.</param>
/// <param name="TensorFolder">Where the case's own files lie.</param>
/// <param name="Name">For example <c>square</c>.</param>
/// <param name="Json">The case's JSON.</param>
internal sealed record ReferenceCase(string Root, string TensorFolder, string Name, JsonElement Json)
{
    public static ReferenceCase Read(string root, string file) =>
        new(root, Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file), ReadJson(file));

    public static JsonElement ReadJson(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }

    public string Prompt => Json.GetProperty("prompt").GetString()!;

    public IEnumerable<int> PromptIds => Integers(Json.GetProperty("prompt_token_ids"));

    public string ImagePath => Path.Combine(Root, Json.GetProperty("image").GetString()!);

    /// <summary>The image as Pillow decoded it: a JPEG's lossless copy beside it.</summary>
    public string DecodedImagePath
    {
        get
        {
            string decoded = Path.ChangeExtension(ImagePath, null) + ".decoded.png";
            return File.Exists(decoded) ? decoded : ImagePath;
        }
    }

    /// <summary>Whether it is one image and one prompt with an answer, and not a batch or something else that lies beside the cases.</summary>
    public bool IsAnswered => Json.TryGetProperty("image", out _) && Json.TryGetProperty("generate", out JsonElement answer) && answer.ValueKind is JsonValueKind.Object;

    public ReferenceGeneration Generation => ReferenceGeneration.Of(Json.GetProperty("generate"));

    public static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}

/// <summary>Greedy tokens of the reference.</summary>
/// <param name="Tokens">Generated ids.</param>
/// <param name="LogProbabilities">Of each, natural log.</param>
/// <param name="TopIds">The five likeliest ids of each step.</param>
/// <param name="TopLogits">Their logits.</param>
internal sealed record ReferenceGeneration(int[] Tokens, double[] LogProbabilities, int[][] TopIds, double[][] TopLogits)
{
    public static ReferenceGeneration Of(JsonElement json) => new(
        ReferenceCase.Integers(json.GetProperty("tokens")),
        ReferenceCase.Numbers(json.GetProperty("logprobs")),
        [.. json.GetProperty("top5_ids").EnumerateArray().Select(ReferenceCase.Integers)],
        [.. json.GetProperty("top5_logits").EnumerateArray().Select(ReferenceCase.Numbers)]);
}
