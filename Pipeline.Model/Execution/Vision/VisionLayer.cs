using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Vision;

/// <summary>One pre-norm layer of CLIP over the tokens of several crops, the residual stream in place.</summary>
internal sealed class VisionLayer : IDisposable
{
    /// <summary>quick_gelu is x · sigmoid(1.702 x) = silu(1.702 x) / 1.702: with the factors in the two weights it is one pass in place.</summary>
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
        _fc1 = _gelu ? new Projection(weight1, bias1) : new Projection(weight1.mul(QuickGelu), bias1.mul(QuickGelu));
        _fc2 = new Projection(_gelu ? weight2 : weight2.div(QuickGelu), source.Read($"{name}.mlp.fc2.bias"));
    }

    /// <param name="hidden"><c>[crops · tokens, hidden]</c>; becomes the layer's output.</param>
    /// <param name="crops">Tokens of different crops do not see each other.</param>
    /// <param name="workspace">Holds what is in between.</param>
    public void Forward(Tensor hidden, long crops, Workspace workspace)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = hidden.size(0) / crops, width = hidden.size(1);
        Tensor qkv = _qkv.Into(workspace, "qkv", _norm1.Forward(hidden)).view(crops, tokens, 3, _heads, -1).permute(2, 0, 3, 1, 4); // [3, crops, heads, tokens, head]
        Tensor mixed = nn.functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]); // [crops, heads, tokens, head]
        _out.AddTo(hidden, mixed.transpose(1, 2).reshape(-1, width));
        Tensor inner = _fc1.Into(workspace, "mlp", _norm2.Forward(hidden));
        _fc2.AddTo(hidden, _gelu ? nn.functional.gelu(inner) : nn.functional.silu(inner, inplace: true));
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_norm1, _norm2, _qkv, _out, _fc1, _fc2])
        {
            part.Dispose();
        }
    }
}
