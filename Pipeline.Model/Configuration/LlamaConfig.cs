using System.Text.Json.Serialization;

namespace Pipeline.Model.Configuration;

/// <summary><c>text_config</c> of a checkpoint. It is written as a diff, so absent keys take LlamaConfig's class defaults (transformers 4.45).</summary>
/// <remarks>Defaults are the constructor's: a generated JSON reader knows those and not initialisers'.</remarks>
public sealed record LlamaConfig(
    int VocabSize = 32_000,
    int HiddenSize = 4_096,
    int IntermediateSize = 11_008,
    int NumHiddenLayers = 32,
    int NumAttentionHeads = 32,
    int MaxPositionEmbeddings = 2_048,
    double RmsNormEps = 1e-6,
    double RopeTheta = 10_000,
    string HiddenAct = "silu",
    bool AttentionBias = false,
    bool MlpBias = false,
    bool TieWordEmbeddings = false,
    RopeScaling? RopeScaling = null,
    // Key and value heads; as many as query heads where absent.
    [property: JsonPropertyName("num_key_value_heads")] int? KeyValueHeads = null,
    // Width of a head; hidden size ÷ heads where absent.
    [property: JsonPropertyName("head_dim")] int? ExplicitHeadDim = null)
{
    [JsonIgnore]
    public int NumKeyValueHeads => KeyValueHeads ?? NumAttentionHeads;

    [JsonIgnore]
    public int HeadDim => ExplicitHeadDim ?? HiddenSize / NumAttentionHeads;

    internal IEnumerable<string> Faults()
    {
        if (HiddenAct != "silu")
        {
            yield return $"text_config.hidden_act is '{HiddenAct}'; only 'silu' is known";
        }

        if (VocabSize < 1 || HiddenSize < 1 || IntermediateSize < 1 || NumHiddenLayers < 1 || NumAttentionHeads < 1 || MaxPositionEmbeddings < 1)
        {
            yield return "text_config has a size below 1";
        }
        else if (NumKeyValueHeads < 1 || NumAttentionHeads % NumKeyValueHeads != 0)
        {
            yield return $"text_config.num_attention_heads {NumAttentionHeads} is not a multiple of num_key_value_heads {NumKeyValueHeads}";
        }
        else if (HeadDim < 2 || HeadDim % 2 != 0)
        {
            yield return $"text_config.head_dim {HeadDim} is not an even number";
        }

        if (RopeScaling is { } scaling && scaling.Kind is not ("default" or "linear" or "llama3"))
        {
            yield return $"text_config.rope_scaling is of type '{scaling.Kind}'; known are 'default', 'linear' and 'llama3'";
        }
    }
}

/// <summary><c>rope_scaling</c>: how rotary frequencies stretch beyond the trained context.</summary>
public sealed record RopeScaling(
    string? RopeType = null,
    string? Type = null, // older files' name of RopeType
    double Factor = 1,
    double LowFreqFactor = 1,
    double HighFreqFactor = 4,
    int OriginalMaxPositionEmbeddings = 8_192)
{
    [JsonIgnore]
    public string Kind => RopeType ?? Type ?? "default";
}
