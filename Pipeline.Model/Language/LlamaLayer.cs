using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Language;

/// <summary>One decoder layer of Llama: grouped-query attention over the KV cache, then the gated MLP.</summary>
internal sealed class LlamaLayer(WeightSource source, LlamaConfig config, RotaryEmbedding rotary, int index) : IDisposable
{
    private readonly RmsNorm _inputNorm = new(source, $"{Prefix(index)}.input_layernorm", config.RmsNormEps);
    private readonly RmsNorm _mlpNorm = new(source, $"{Prefix(index)}.post_attention_layernorm", config.RmsNormEps);
    private readonly Linear _qkv = Linear.Load(
        source, $"{Prefix(index)}.self_attn.q_proj", $"{Prefix(index)}.self_attn.k_proj", $"{Prefix(index)}.self_attn.v_proj");
    private readonly Linear _out = Linear.Load(source, $"{Prefix(index)}.self_attn.o_proj");
    private readonly Linear _gateUp = Linear.Load(source, $"{Prefix(index)}.mlp.gate_proj", $"{Prefix(index)}.mlp.up_proj");
    private readonly Linear _down = Linear.Load(source, $"{Prefix(index)}.mlp.down_proj");

    /// <param name="x"><c>[1, tokens, hidden]</c></param>
    /// <param name="cache">Its length is the position of the first token.</param>
    /// <param name="mask">Added to the attention scores, <c>[tokens, length + tokens]</c>; null where every token sees all.</param>
    /// <returns>the shape of <paramref name="x"/></returns>
    public Tensor Forward(Tensor x, KvCache cache, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Attention(_inputNorm.Forward(x), cache, mask).add_(x);
        Tensor gateUp = _gateUp.Forward(_mlpNorm.Forward(attended));
        Tensor gate = nn.functional.silu(gateUp.narrow(-1, 0, config.IntermediateSize));
        Tensor hidden = gate.mul_(gateUp.narrow(-1, config.IntermediateSize, config.IntermediateSize));
        return _down.Forward(hidden).add_(attended).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor x, KvCache cache, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        long tokens = x.size(1), heads = config.NumAttentionHeads, kvHeads = config.NumKeyValueHeads, width = config.HeadDim;
        Tensor qkv = _qkv.Forward(x).view(1, tokens, heads + (2 * kvHeads), width).transpose(1, 2); // [1, heads + 2·kv heads, tokens, head]
        Tensor queriesAndKeys = rotary.Apply(qkv.narrow(1, 0, heads + kvHeads), cache.Length);
        Tensor queries = queriesAndKeys.narrow(1, 0, heads);
        var (keys, values) = cache.Append(index, queriesAndKeys.narrow(1, heads, kvHeads), qkv.narrow(1, heads + kvHeads, kvHeads));
        Tensor mixed = nn.functional.scaled_dot_product_attention(queries, RepeatHeads(keys), RepeatHeads(values), attn_mask: mask);
        return _out.Forward(mixed.transpose(1, 2).reshape(1, tokens, heads * width)).MoveToOuterDisposeScope();
    }

    /// <summary><c>[1, kv heads, n, head]</c> to <c>[1, heads, n, head]</c>: each KV head serves consecutive query heads.</summary>
    private Tensor RepeatHeads(Tensor x)
    {
        int group = config.NumAttentionHeads / config.NumKeyValueHeads;
        return group == 1 ? x : x.unsqueeze(2).expand(-1, -1, group, -1, -1).reshape(1, config.NumAttentionHeads, x.size(2), config.HeadDim);
    }

    private static string Prefix(int index) => $"{DragonflyParameters.Language}.layers.{index}";

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_inputNorm, _mlpNorm, _qkv, _out, _gateUp, _down])
        {
            part.Dispose();
        }
    }
}
