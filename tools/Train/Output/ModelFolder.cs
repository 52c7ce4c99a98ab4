using System.Text.Json.Nodes;
using Pipeline.Model.Configuration;
using Pipeline.Model.Training;
using Pipeline.Model.Weights;
using Scenes;
using static TorchSharp.torch;

namespace Train.Output;

/// <summary>A checkpoint in the published layout: configs, tokenizer, weights, and a model card.</summary>
internal static class ModelFolder
{
    private const string Tower = "clip-tiny";

    /// <summary>All but weights and card.</summary>
    public static DragonflyConfig Create(string folder, Recipe recipe)
    {
        Directory.CreateDirectory(Path.Combine(folder, Tower));
        var vocabulary = SceneTokenizer.Write(folder);
        Write(folder, "config.json", Config(recipe, vocabulary));
        Write(folder, Path.Combine(Tower, "config.json"), Vision(recipe.Vision));
        // Special tokens come behind the entries: BOS, end of text, …
        var (begin, end) = Special(folder);
        Write(folder, "generation_config.json", new JsonObject { ["bos_token_id"] = begin, ["eos_token_id"] = end });
        return CheckpointFolder.ReadConfig(folder);
    }

    /// <summary>In bfloat16, as the published models are; the other files are there already.</summary>
    public static void WriteWeights(string folder, TrainableWeights weights, DragonflyConfig config) =>
        weights.Save(Path.Combine(folder, "model.safetensors"), DragonflyParameters.Of(config).Keys, ScalarType.BFloat16);

    private static (int Begin, int End) Special(string folder)
    {
        var tokenizer = Pipeline.Model.Tokenization.DragonflyTokenizer.Load(folder);
        return (tokenizer.SpecialTokenId("<|begin_of_text|>"), tokenizer.SpecialTokenId("<|end_of_text|>"));
    }

    private static JsonObject Config(Recipe recipe, int vocabulary)
    {
        var llama = recipe.Language;
        return new JsonObject
        {
            ["architectures"] = new JsonArray("DragonflyForCausalLM"),
            ["model_type"] = "dragonfly",
            ["dragonfly_version"] = (int)recipe.Version,
            ["image_encoder"] = Tower,
            ["text_config"] = new JsonObject
            {
                ["architectures"] = new JsonArray("LlamaForCausalLM"),
                ["model_type"] = "llama",
                ["vocab_size"] = vocabulary,
                ["hidden_size"] = llama.HiddenSize,
                ["intermediate_size"] = llama.IntermediateSize,
                ["num_hidden_layers"] = llama.NumHiddenLayers,
                ["num_attention_heads"] = llama.NumAttentionHeads,
                ["num_key_value_heads"] = llama.NumKeyValueHeads,
                ["max_position_embeddings"] = llama.MaxPositionEmbeddings,
                ["rms_norm_eps"] = llama.RmsNormEps,
                ["rope_theta"] = llama.RopeTheta,
            },
            ["tie_word_embeddings"] = false,
            ["torch_dtype"] = "bfloat16",
            ["vocab_size"] = vocabulary,
        };
    }

    private static JsonObject Vision(ClipVisionConfig clip) => new()
    {
        ["architectures"] = new JsonArray("CLIPVisionModel"),
        ["model_type"] = "clip_vision_model",
        ["hidden_size"] = clip.HiddenSize,
        ["intermediate_size"] = clip.IntermediateSize,
        ["num_hidden_layers"] = clip.NumHiddenLayers,
        ["num_attention_heads"] = clip.NumAttentionHeads,
        ["num_channels"] = clip.NumChannels,
        ["image_size"] = clip.ImageSize,
        ["patch_size"] = clip.PatchSize,
        ["hidden_act"] = clip.HiddenAct,
        ["layer_norm_eps"] = clip.LayerNormEps,
        ["projection_dim"] = clip.HiddenSize,
    };

    private static void Write(string folder, string name, JsonObject json) =>
        File.WriteAllText(Path.Combine(folder, name), json.ToJsonString(new() { WriteIndented = true }) + "\n");
}
