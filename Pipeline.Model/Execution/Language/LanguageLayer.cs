using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>One decoder layer of Llama over packed tokens of any sequences, the residual stream in place.</summary>
internal sealed class LanguageLayer(WeightSource source, LlamaConfig config, int index) : IDisposable
{
    private readonly RmsNorm _inputNorm = RmsNorm.Load(source, $"{Prefix(index)}.input_layernorm", config.RmsNormEps);
    private readonly RmsNorm _mlpNorm = RmsNorm.Load(source, $"{Prefix(index)}.post_attention_layernorm", config.RmsNormEps);
    private readonly Projection _qkv = Projection.Load(
        source, $"{Prefix(index)}.self_attn.q_proj", $"{Prefix(index)}.self_attn.k_proj", $"{Prefix(index)}.self_attn.v_proj");
    private readonly Projection _out = Projection.Load(source, $"{Prefix(index)}.self_attn.o_proj");
    private readonly Projection _gateUp = Projection.Load(source, $"{Prefix(index)}.mlp.gate_proj", $"{Prefix(index)}.mlp.up_proj");
    private readonly Projection _down = Projection.Load(source, $"{Prefix(index)}.mlp.down_proj");

    /// <param name="hidden"><c>[tokens, hidden]</c>; becomes the layer's output.</param>
    /// <param name="rotary">Of the tokens' positions.</param>
    /// <param name="attention">Of this pass.</param>
    /// <param name="workspace">Holds what is in between.</param>
    public void Forward(Tensor hidden, RotaryRows rotary, AttentionPass attention, Workspace workspace)
    {
        using DisposeScope scope = NewDisposeScope();
        long heads = config.NumAttentionHeads, kvHeads = config.NumKeyValueHeads;
        Tensor qkv = _qkv.Into(workspace, "qkv", _inputNorm.Forward(hidden)).view(-1, heads + (2 * kvHeads), config.HeadDim);
        Tensor rotated = rotary.Apply(qkv.narrow(1, 0, heads + kvHeads));
        Tensor mixed = attention.Attend(index, rotated.narrow(1, 0, heads), rotated.narrow(1, heads, kvHeads), qkv.narrow(1, heads + kvHeads, kvHeads));
        _out.AddTo(hidden, mixed);
        Tensor gateUp = _gateUp.Into(workspace, "mlp", _mlpNorm.Forward(hidden));
        Tensor gate = gateUp.narrow(1, 0, config.IntermediateSize);
        _down.AddTo(hidden, nn.functional.silu(gate, inplace: true).mul_(gateUp.narrow(1, config.IntermediateSize, config.IntermediateSize)));
    }

    private static string Prefix(int index) => $"model.layers.{index}";

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_inputNorm, _mlpNorm, _qkv, _out, _gateUp, _down])
        {
            part.Dispose();
        }
    }
}
