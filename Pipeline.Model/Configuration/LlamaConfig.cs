using System.Text.Json.Serialization;

namespace Pipeline.Model.Configuration;

/// <summary><c>text_config</c> of a checkpoint. It is written as a diff, so absent keys take LlamaConfig's class defaults (transformers 4.45).</summary>
public sealed record LlamaConfig
{
    public int VocabSize { get; init; } = 32_000;
    public int HiddenSize { get; init; } = 4_096;
    public int IntermediateSize { get; init; } = 11_008;
    public int NumHiddenLayers { get; init; } = 32;
    public int NumAttentionHeads { get; init; } = 32;
    public int MaxPositionEmbeddings { get; init; } = 2_048;
    public double RmsNormEps { get; init; } = 1e-6;
    public double RopeTheta { get; init; } = 10_000;
    public string HiddenAct { get; init; } = "silu";
    public bool AttentionBias { get; init; }
    public bool MlpBias { get; init; }
    public bool TieWordEmbeddings { get; init; }
    public RopeScaling? RopeScaling { get; init; }

    /// <summary>Key and value heads; as many as query heads where absent.</summary>
    [JsonPropertyName("num_key_value_heads")]
    public int? KeyValueHeads { get; init; }

    /// <summary>Width of a head; hidden size ÷ heads where absent.</summary>
    [JsonPropertyName("head_dim")]
    public int? ExplicitHeadDim { get; init; }

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
public sealed record RopeScaling
{
    public string? RopeType { get; init; }

    /// <summary>Older files' name of <see cref="RopeType"/>.</summary>
    public string? Type { get; init; }

    public double Factor { get; init; } = 1;
    public double LowFreqFactor { get; init; } = 1;
    public double HighFreqFactor { get; init; } = 4;
    public int OriginalMaxPositionEmbeddings { get; init; } = 8_192;

    [JsonIgnore]
    public string Kind => RopeType ?? Type ?? "default";
}
