using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>One decoder layer of Llama over packed tokens of any sequences, on fused products.</summary>
internal sealed class LanguageLayer(WeightSource source, LlamaConfig config, int index) : IDisposable
{
    private readonly RmsNorm _inputNorm = RmsNorm.Load(source, $"{Prefix(index)}.input_layernorm", config.RmsNormEps);
    private readonly RmsNorm _mlpNorm = RmsNorm.Load(source, $"{Prefix(index)}.post_attention_layernorm", config.RmsNormEps);
    private readonly Projection _qkv = Projection.LoadQuantized(
        source, $"{Prefix(index)}.self_attn.q_proj", $"{Prefix(index)}.self_attn.k_proj", $"{Prefix(index)}.self_attn.v_proj");
    private readonly Projection _out = Projection.LoadQuantized(source, $"{Prefix(index)}.self_attn.o_proj");
    private readonly Projection _gate = Projection.LoadQuantized(source, $"{Prefix(index)}.mlp.gate_proj");
    private readonly Projection _up = Projection.LoadQuantized(source, $"{Prefix(index)}.mlp.up_proj");
    private readonly Projection _down = Projection.LoadQuantized(source, $"{Prefix(index)}.mlp.down_proj");

    /// <param name="hidden"><c>[tokens, hidden]</c></param>
    /// <param name="rotary">Of the tokens' positions.</param>
    /// <param name="attention">Of this pass.</param>
    /// <returns>the shape of <paramref name="hidden"/></returns>
    public Tensor Forward(Tensor hidden, RotaryRows rotary, AttentionPass attention)
    {
        using DisposeScope scope = NewDisposeScope();
        long heads = config.NumAttentionHeads, kvHeads = config.NumKeyValueHeads;
        Tensor qkv = _qkv.Forward(_inputNorm.Forward(hidden)).view(-1, heads + (2 * kvHeads), config.HeadDim);
        Tensor rotated = rotary.Apply(qkv.narrow(1, 0, heads + kvHeads));
        Tensor mixed = attention.Attend(index, rotated.narrow(1, 0, heads), rotated.narrow(1, heads, kvHeads), qkv.narrow(1, heads + kvHeads, kvHeads));
        Tensor attended = _out.Plus(mixed, hidden);
        Tensor normed = _mlpNorm.Forward(attended);
        return _down.Plus(_up.Times(normed, _gate.Silu(normed)), attended).MoveToOuterDisposeScope();
    }

    private static string Prefix(int index) => $"model.layers.{index}";

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_inputNorm, _mlpNorm, _qkv, _out, _gate, _up, _down])
        {
            part.Dispose();
        }
    }
}
