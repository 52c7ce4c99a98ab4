using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Language;

/// <summary>One decoder layer of Llama: grouped-query attention over the KV cache, then the gated MLP.</summary>
internal sealed class LlamaLayer(WeightSource source, LlamaConfig config, int index) : IDisposable
{
    private readonly RmsNorm _inputNorm = RmsNorm.Load(source, $"{Prefix(index)}.input_layernorm", config.RmsNormEps);
    private readonly RmsNorm _mlpNorm = RmsNorm.Load(source, $"{Prefix(index)}.post_attention_layernorm", config.RmsNormEps);
    private readonly Linear _qkv = Linear.Load(
        source, $"{Prefix(index)}.self_attn.q_proj", $"{Prefix(index)}.self_attn.k_proj", $"{Prefix(index)}.self_attn.v_proj");
    private readonly Linear _out = Linear.Load(source, $"{Prefix(index)}.self_attn.o_proj");
    private readonly Linear _gateUp = Linear.Load(source, $"{Prefix(index)}.mlp.gate_proj", $"{Prefix(index)}.mlp.up_proj");
    private readonly Linear _down = Linear.Load(source, $"{Prefix(index)}.mlp.down_proj");

    /// <param name="x"><c>[batch, tokens, hidden]</c></param>
    /// <param name="context">Of this forward pass.</param>
    /// <returns>the shape of <paramref name="x"/></returns>
    public Tensor Forward(Tensor x, AttentionContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Attention(_inputNorm.Forward(x), context).add_(x);
        Tensor gateUp = _gateUp.Forward(_mlpNorm.Forward(attended));
        Tensor gate = nn.functional.silu(gateUp.narrow(-1, 0, config.IntermediateSize));
        Tensor hidden = gate.mul_(gateUp.narrow(-1, config.IntermediateSize, config.IntermediateSize));
        return _down.Forward(hidden).add_(attended).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor x, AttentionContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        long batch = x.size(0), tokens = x.size(1), heads = config.NumAttentionHeads, kvHeads = config.NumKeyValueHeads, width = config.HeadDim;
        Tensor qkv = _qkv.Forward(x).view(batch, tokens, heads + (2 * kvHeads), width).transpose(1, 2); // [batch, heads + 2·kv heads, tokens, head]
        Tensor queriesAndKeys = context.Rotary.Apply(qkv.narrow(1, 0, heads + kvHeads));
        Tensor queries = queriesAndKeys.narrow(1, 0, heads);
        Tensor keys = queriesAndKeys.narrow(1, heads, kvHeads), values = qkv.narrow(1, heads + kvHeads, kvHeads);
        if (context.Cache is { } cache)
        {
            (keys, values) = cache.Append(index, keys, values);
        }

        Tensor mixed = nn.functional.scaled_dot_product_attention(queries, RepeatHeads(keys), RepeatHeads(values), attn_mask: context.Mask);
        return _out.Forward(mixed.transpose(1, 2).reshape(batch, tokens, heads * width)).MoveToOuterDisposeScope();
    }

    /// <summary><c>[batch, kv heads, n, head]</c> to <c>[batch, heads, n, head]</c>: each KV head serves consecutive query heads.</summary>
    private Tensor RepeatHeads(Tensor x)
    {
        int group = config.NumAttentionHeads / config.NumKeyValueHeads;
        return group == 1 ? x : x.unsqueeze(2).expand(-1, -1, group, -1, -1).reshape(x.size(0), config.NumAttentionHeads, x.size(2), config.HeadDim);
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
