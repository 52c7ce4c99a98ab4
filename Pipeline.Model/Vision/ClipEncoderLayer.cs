using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>One pre-norm layer of CLIP: full self-attention, then a two-layer MLP.</summary>
internal sealed class ClipEncoderLayer(WeightSource source, ClipVisionConfig config, int index) : IDisposable
{
    private readonly LayerNorm _norm1 = new(source, $"{Prefix(index)}.layer_norm1", config.LayerNormEps);
    private readonly LayerNorm _norm2 = new(source, $"{Prefix(index)}.layer_norm2", config.LayerNormEps);
    private readonly Linear _qkv = Linear.Load(
        source, $"{Prefix(index)}.self_attn.q_proj", $"{Prefix(index)}.self_attn.k_proj", $"{Prefix(index)}.self_attn.v_proj");
    private readonly Linear _out = Linear.Load(source, $"{Prefix(index)}.self_attn.out_proj");
    private readonly Linear _fc1 = Linear.Load(source, $"{Prefix(index)}.mlp.fc1");
    private readonly Linear _fc2 = Linear.Load(source, $"{Prefix(index)}.mlp.fc2");

    /// <param name="x"><c>[crops, tokens, hidden]</c></param>
    /// <returns>the same shape</returns>
    public Tensor Forward(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Attention(_norm1.Forward(x)).add_(x);
        Tensor hidden = Activate(_fc1.Forward(_norm2.Forward(attended)));
        return _fc2.Forward(hidden).add_(attended).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        long crops = x.size(0), tokens = x.size(1), heads = config.NumAttentionHeads;
        Tensor qkv = _qkv.Forward(x).view(crops, tokens, 3, heads, -1).permute(2, 0, 3, 1, 4); // [3, crops, heads, tokens, head]
        Tensor mixed = nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]); // [crops, heads, tokens, head]
        return _out.Forward(mixed.transpose(1, 2).reshape(crops, tokens, -1)).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x)
    {
        if (config.HiddenAct == "gelu")
        {
            return nn.functional.gelu(x);
        }

        using Tensor gate = x.mul(1.702).sigmoid_(); // quick_gelu
        return x.mul_(gate);
    }

    private static string Prefix(int index) => $"vision_model.encoder.layers.{index}";

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_norm1, _norm2, _qkv, _out, _fc1, _fc2])
        {
            part.Dispose();
        }
    }
}
