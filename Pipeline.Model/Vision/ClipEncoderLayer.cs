using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Vision;

/// <summary>One pre-norm layer of CLIP: full self-attention, then a two-layer MLP.</summary>
internal sealed class ClipEncoderLayer(WeightSource source, ClipVisionConfig config, int index) : IDisposable
{
    private readonly LayerNorm _norm1 = LayerNorm.Load(source, $"{Prefix(index)}.layer_norm1", config.LayerNormEps);
    private readonly LayerNorm _norm2 = LayerNorm.Load(source, $"{Prefix(index)}.layer_norm2", config.LayerNormEps);
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
        Tensor attended = Attention(x).add_(x);
        return Mlp(attended).add_(attended).MoveToOuterDisposeScope();
    }

    /// <summary>Norm and self-attention, without the residual.</summary>
    internal Tensor Attention(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor qkv = QueriesKeysValues(x);
        Tensor mixed = nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]); // [crops, heads, tokens, head]
        return _out.Forward(mixed.transpose(1, 2).reshape(x.size(0), x.size(1), -1)).MoveToOuterDisposeScope();
    }

    /// <summary>Norm and projections.</summary>
    /// <returns><c>[3, crops, heads, tokens, head]</c></returns>
    internal Tensor QueriesKeysValues(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor qkv = _qkv.Forward(_norm1.Forward(x));
        return qkv.view(x.size(0), x.size(1), 3, config.NumAttentionHeads, -1).permute(2, 0, 3, 1, 4).MoveToOuterDisposeScope();
    }

    /// <summary>Norm and MLP, without the residual.</summary>
    internal Tensor Mlp(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = _fc1.Forward(_norm2.Forward(x));
        return _fc2.Forward(config.HiddenAct == "gelu" ? nn.functional.gelu(hidden) : Activations.QuickGelu(hidden)).MoveToOuterDisposeScope();
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
