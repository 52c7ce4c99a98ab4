using System.Text.Json.Serialization;

namespace Pipeline.Model.Configuration;

/// <summary>Config of the CLIP vision tower; absent keys take CLIPVisionConfig's class defaults, which are ViT-B/32's.</summary>
/// <remarks>Defaults are the constructor's: a generated JSON reader knows those and not initialisers'.</remarks>
public sealed record ClipVisionConfig(
    int HiddenSize = 768,
    int IntermediateSize = 3_072,
    int NumHiddenLayers = 12,
    int NumAttentionHeads = 12,
    int NumChannels = 3,
    int ImageSize = 224,
    int PatchSize = 32,
    string HiddenAct = "quick_gelu",
    double LayerNormEps = 1e-5)
{
    /// <summary>Patches along a side of a crop.</summary>
    [JsonIgnore]
    public int Grid => ImageSize / PatchSize;

    /// <summary>Tokens of a crop: the class token and the patches.</summary>
    [JsonIgnore]
    public int Tokens => (Grid * Grid) + 1;

    /// <summary>openai/clip-vit-base-patch32, the tower of v1.</summary>
    internal static ClipVisionConfig BasePatch32 { get; } = new();

    /// <summary>openai/clip-vit-large-patch14-336, the tower of v2.</summary>
    internal static ClipVisionConfig LargePatch14At336 { get; } = new()
    {
        HiddenSize = 1_024,
        IntermediateSize = 4_096,
        NumHiddenLayers = 24,
        NumAttentionHeads = 16,
        ImageSize = 336,
        PatchSize = 14,
    };

    internal IEnumerable<string> Faults()
    {
        if (HiddenAct is not ("quick_gelu" or "gelu"))
        {
            yield return $"the vision tower's hidden_act is '{HiddenAct}'; known are 'quick_gelu' and 'gelu'";
        }

        if (NumChannels != 3)
        {
            yield return $"the vision tower's num_channels is {NumChannels}; images have 3";
        }

        if (HiddenSize < 1 || IntermediateSize < 1 || NumAttentionHeads < 1 || PatchSize < 1 || ImageSize < PatchSize)
        {
            yield return "the vision tower's config has a size below 1, or an image smaller than a patch";
        }
        else if (HiddenSize % NumAttentionHeads != 0)
        {
            yield return $"the vision tower's hidden_size {HiddenSize} is not a multiple of its {NumAttentionHeads} heads";
        }

        if (NumHiddenLayers < 2)
        {
            yield return "the vision tower has fewer than 2 layers; features are taken from the last but one";
        }
    }
}
