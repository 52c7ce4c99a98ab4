using Pipeline.Model.Configuration;

namespace Pipeline.Model.Weights;

/// <summary>Names and shapes of every tensor of a checkpoint, as the reference's <c>state_dict</c> has them.</summary>
public static class DragonflyParameters
{
    /// <summary>In front of a CLIPVisionModel's own names.</summary>
    public const string Vision = "image_encoder";

    /// <summary>In front of a LlamaForCausalLM's own names.</summary>
    public const string Language = "language_model";

    public const string LanguageHead = $"{Language}.lm_head.weight";
    public const string Projection = "vision_embed_tokens";

    public static SortedDictionary<string, long[]> Of(DragonflyConfig config)
    {
        var shapes = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        AddVision(shapes, config.Vision);
        AddLanguage(shapes, config.Language);
        AddLinear(shapes, Projection, config.Language.HiddenSize, config.Vision.HiddenSize, bias: true);
        return shapes;
    }

    /// <summary>Buffers that files by older library versions hold and nothing reads.</summary>
    public static bool IsIgnored(string name) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || name.EndsWith(".embeddings.position_ids", StringComparison.Ordinal);

    private static void AddVision(SortedDictionary<string, long[]> shapes, ClipVisionConfig clip)
    {
        long hidden = clip.HiddenSize;
        shapes[$"{Vision}.vision_model.embeddings.class_embedding"] = [hidden];
        shapes[$"{Vision}.vision_model.embeddings.patch_embedding.weight"] = [hidden, clip.NumChannels, clip.PatchSize, clip.PatchSize];
        shapes[$"{Vision}.vision_model.embeddings.position_embedding.weight"] = [clip.Tokens, hidden];
        AddNorm(shapes, $"{Vision}.vision_model.pre_layrnorm", hidden); // sic: the published name
        AddNorm(shapes, $"{Vision}.vision_model.post_layernorm", hidden);
        for (int layer = 0; layer < clip.NumHiddenLayers; layer++)
        {
            string prefix = $"{Vision}.vision_model.encoder.layers.{layer}";
            AddNorm(shapes, $"{prefix}.layer_norm1", hidden);
            AddNorm(shapes, $"{prefix}.layer_norm2", hidden);
            foreach (string projection in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                AddLinear(shapes, $"{prefix}.self_attn.{projection}", hidden, hidden, bias: true);
            }

            AddLinear(shapes, $"{prefix}.mlp.fc1", clip.IntermediateSize, hidden, bias: true);
            AddLinear(shapes, $"{prefix}.mlp.fc2", hidden, clip.IntermediateSize, bias: true);
        }
    }

    private static void AddLanguage(SortedDictionary<string, long[]> shapes, LlamaConfig llama)
    {
        long hidden = llama.HiddenSize, query = (long)llama.NumAttentionHeads * llama.HeadDim, keyValue = (long)llama.NumKeyValueHeads * llama.HeadDim;
        shapes[$"{Language}.model.embed_tokens.weight"] = [llama.VocabSize, hidden];
        shapes[$"{Language}.model.norm.weight"] = [hidden];
        if (!llama.TieWordEmbeddings)
        {
            shapes[LanguageHead] = [llama.VocabSize, hidden];
        }

        for (int layer = 0; layer < llama.NumHiddenLayers; layer++)
        {
            string prefix = $"{Language}.model.layers.{layer}";
            shapes[$"{prefix}.input_layernorm.weight"] = [hidden];
            shapes[$"{prefix}.post_attention_layernorm.weight"] = [hidden];
            AddLinear(shapes, $"{prefix}.self_attn.q_proj", query, hidden, llama.AttentionBias);
            AddLinear(shapes, $"{prefix}.self_attn.k_proj", keyValue, hidden, llama.AttentionBias);
            AddLinear(shapes, $"{prefix}.self_attn.v_proj", keyValue, hidden, llama.AttentionBias);
            AddLinear(shapes, $"{prefix}.self_attn.o_proj", hidden, query, llama.AttentionBias);
            AddLinear(shapes, $"{prefix}.mlp.gate_proj", llama.IntermediateSize, hidden, llama.MlpBias);
            AddLinear(shapes, $"{prefix}.mlp.up_proj", llama.IntermediateSize, hidden, llama.MlpBias);
            AddLinear(shapes, $"{prefix}.mlp.down_proj", hidden, llama.IntermediateSize, llama.MlpBias);
        }
    }

    private static void AddLinear(SortedDictionary<string, long[]> shapes, string name, long output, long input, bool bias)
    {
        shapes[$"{name}.weight"] = [output, input];
        if (bias)
        {
            shapes[$"{name}.bias"] = [output];
        }
    }

    private static void AddNorm(SortedDictionary<string, long[]> shapes, string name, long hidden)
    {
        shapes[$"{name}.weight"] = [hidden];
        shapes[$"{name}.bias"] = [hidden];
    }
}
