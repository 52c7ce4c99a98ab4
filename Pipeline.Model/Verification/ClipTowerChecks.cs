using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using Pipeline.Model.Layers;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Verification;

/// <summary>A CLIP vision tower by itself, layer by layer, with the last layer and the norm behind it that Dragonfly never runs.</summary>
internal static class ClipTowerChecks
{
    public static IReadOnlyList<CheckResult> Run(string name, string folder, string tensorFile)
    {
        var checks = new CheckList($"towers/{name}");
        checks.Run("tower", () =>
        {
            ClipVisionConfig config = CheckpointFolder.ReadVisionConfig(Path.Combine(folder, "config.json"));
            using WeightFiles weights = WeightFiles.Open(folder);
            using var tensors = new ReferenceTensors(tensorFile);
            var source = new WeightSource(weights, Placement.Cpu);
            using var tower = new ClipVisionTower(source, config, config.NumHiddenLayers);
            using LayerNorm postNorm = LayerNorm.Load(source, "vision_model.post_layernorm", config.LayerNormEps);

            Tensor embedded = tower.Embed(tensors["pixel_values"].permute(0, 2, 3, 1));
            checks.Close("embeddings_before_pre_layrnorm", tensors["embeddings_before_pre_layrnorm"], embedded, Tolerances.Towers);
            Tensor hidden = tower.PreNorm.Forward(embedded);
            FirstLayer(checks, tensors, tower.Layers[0], hidden);
            checks.Close("hidden_states.0", tensors["hidden_states.0"], hidden, Tolerances.Towers);
            foreach (var (index, layer) in tower.Layers.Index())
            {
                hidden = layer.Forward(hidden);
                checks.Close($"hidden_states.{index + 1}", tensors[$"hidden_states.{index + 1}"], hidden, Tolerances.Towers);
            }

            checks.Close("last_hidden_state", tensors["last_hidden_state"], hidden, Tolerances.Towers);
            checks.Close("pooler_output", tensors["pooler_output"], postNorm.Forward(hidden.select(1, 0)), Tolerances.Towers);
        });
        return checks.Results;
    }

    private static void FirstLayer(CheckList checks, ReferenceTensors tensors, ClipEncoderLayer layer, Tensor hidden)
    {
        Tensor qkv = layer.QueriesKeysValues(hidden); // [3, crops, heads, tokens, head]
        Tensor scores = qkv[0].matmul(qkv[1].transpose(-1, -2)).mul(Math.Pow(qkv.size(-1), -0.5));
        checks.Close("attn_probs.0", tensors["attn_probs.0"], scores.softmax(-1), Tolerances.Towers);
        Tensor attention = layer.Attention(hidden);
        checks.Close("layer0.attn_out", tensors["layer0.attn_out"], attention, Tolerances.Towers);
        checks.Close("layer0.mlp_out", tensors["layer0.mlp_out"], layer.Mlp(hidden + attention), Tolerances.Towers);
    }
}
