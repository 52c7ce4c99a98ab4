using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Vision;

/// <summary>One pre-norm layer of CLIP over the tokens of several crops, on fused products.</summary>
internal sealed class VisionLayer : IDisposable
{
    /// <summary>quick_gelu is x · sigmoid(1.702 x) = silu(1.702 x) / 1.702: with the factors in the two weights it is one the products have fused.</summary>
    private const double QuickGelu = 1.702;

    private readonly LayerNorm _norm1;
    private readonly LayerNorm _norm2;
    private readonly Projection _qkv;
    private readonly Projection _out;
    private readonly Projection _fc1;
    private readonly Projection _fc2;
    private readonly int _heads;
    private readonly bool _gelu;

    public VisionLayer(WeightSource source, ClipVisionConfig config, int index)
    {
        string name = $"vision_model.encoder.layers.{index}";
        _heads = config.NumAttentionHeads;
        _gelu = config.HiddenAct == "gelu";
        _norm1 = LayerNorm.Load(source, $"{name}.layer_norm1", config.LayerNormEps);
        _norm2 = LayerNorm.Load(source, $"{name}.layer_norm2", config.LayerNormEps);
        _qkv = Projection.Load(source, $"{name}.self_attn.q_proj", $"{name}.self_attn.k_proj", $"{name}.self_attn.v_proj");
        _out = Projection.Load(source, $"{name}.self_attn.out_proj");
        using DisposeScope scope = NewDisposeScope();
        Tensor weight1 = source.Read($"{name}.mlp.fc1.weight"), bias1 = source.Read($"{name}.mlp.fc1.bias"), weight2 = source.Read($"{name}.mlp.fc2.weight");
        _fc1 = _gelu ? Projection.Of(weight1, bias1, source.Placement) : Projection.Of(weight1.mul(QuickGelu), bias1.mul(QuickGelu), source.Placement);
        _fc2 = Projection.Of(_gelu ? weight2 : weight2.div(QuickGelu), source.Read($"{name}.mlp.fc2.bias"), source.Placement);
    }

    /// <param name="hidden"><c>[crops · tokens, hidden]</c></param>
    /// <param name="crops">Tokens of different crops do not see each other.</param>
    /// <returns>the shape of <paramref name="hidden"/></returns>
    public Tensor Forward(Tensor hidden, long crops)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = hidden.size(0) / crops, width = hidden.size(1);
        Tensor qkv = _qkv.Forward(_norm1.Forward(hidden)).view(crops, tokens, 3, _heads, -1).permute(2, 0, 3, 1, 4); // [3, crops, heads, tokens, head]
        Tensor mixed = nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]); // [crops, heads, tokens, head]
        Tensor attended = _out.Plus(mixed.transpose(1, 2).reshape(-1, width), hidden);
        Tensor normed = _norm2.Forward(attended);
        return _fc2.Plus(_gelu ? _fc1.Gelu(normed) : _fc1.Silu(normed), attended).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_norm1, _norm2, _qkv, _out, _fc1, _fc2])
        {
            part.Dispose();
        }
    }
}
