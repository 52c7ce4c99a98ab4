using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Language;

/// <summary>Llama 3: embeddings in, hidden states and logits out, over a KV cache.</summary>
internal sealed class LlamaModel : IDisposable
{
    private readonly Tensor _embeddings;
    private readonly Tensor _head;
    private readonly LlamaLayer[] _layers;

    /// <param name="source">Weights, by LlamaForCausalLM's names.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="maxModelLen">Positions tabulated: most positions of a sequence.</param>
    /// <param name="roundFrequencies">Round the rotary frequencies to bfloat16, as casting the reference's whole module does.</param>
    public LlamaModel(WeightSource source, LlamaConfig config, int maxModelLen, bool roundFrequencies = false)
    {
        _embeddings = source.Read("model.embed_tokens.weight").DetachFromDisposeScope();
        _head = config.TieWordEmbeddings ? _embeddings : source.Read("lm_head.weight").DetachFromDisposeScope();
        FinalNorm = RmsNorm.Load(source, "model.norm", config.RmsNormEps);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(layer => new LlamaLayer(source, config, layer))];
        using DisposeScope scope = NewDisposeScope();
        Tensor frequencies = RotaryEmbedding.InverseFrequencies(config);
        frequencies = roundFrequencies ? frequencies.to(ScalarType.BFloat16).to(ScalarType.Float32) : frequencies;
        Rotary = new RotaryEmbedding(frequencies.to(source.Device), maxModelLen);
    }

    public IReadOnlyList<LlamaLayer> Layers => _layers;

    public RmsNorm FinalNorm { get; }

    public RotaryEmbedding Rotary { get; }

    /// <returns><c>[tokens, hidden]</c></returns>
    public Tensor Embed(IReadOnlyList<int> ids)
    {
        using Tensor indices = tensor(ids.Select(id => (long)id).ToArray(), device: _embeddings.device);
        return _embeddings.index_select(0, indices);
    }

    /// <summary>Runs new positions of one sequence behind those in the cache, which grows by them.</summary>
    /// <param name="embeddings"><c>[tokens, hidden]</c></param>
    /// <param name="cache">This sequence's.</param>
    /// <returns><c>[tokens, hidden]</c>, before the final norm</returns>
    public Tensor Forward(Tensor embeddings, KvCache cache)
    {
        using DisposeScope scope = NewDisposeScope();
        int tokens = (int)embeddings.size(0);
        Tensor? mask = tokens > 1 ? CausalMask(tokens, cache.Length, embeddings) : null;
        using RotaryTables rotary = Rotary.From(cache.Length, tokens);
        return Forward(embeddings.unsqueeze(0), new AttentionContext(cache, rotary, mask)).squeeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>Runs new positions of a batch behind those in its cache, which grows by them.</summary>
    /// <param name="embeddings"><c>[batch, tokens, hidden]</c></param>
    /// <param name="context">Positions, mask and cache of the batch.</param>
    /// <param name="observe">Called with every layer's output inside this call's dispose scope: to keep it, move a clone out.</param>
    /// <returns><c>[batch, tokens, hidden]</c>, before the final norm</returns>
    public Tensor Forward(Tensor embeddings, AttentionContext context, Action<Tensor>? observe = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = embeddings.alias();
        foreach (LlamaLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden, context);
            hidden.Dispose();
            hidden = next;
            observe?.Invoke(hidden);
        }

        context.Cache?.Advance((int)embeddings.size(1));
        return hidden.MoveToOuterDisposeScope();
    }

    /// <param name="hidden">From <c>Forward</c>: <c>[…, hidden]</c>; pass only the positions whose logits are needed.</param>
    /// <returns>float32 <c>[…, vocabulary]</c></returns>
    public Tensor Logits(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.linear(FinalNorm.Forward(hidden), _head).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Token i of the new ones sees all cached positions and the new ones up to itself.</summary>
    internal static Tensor CausalMask(int tokens, int cached, Tensor like)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mask = full([tokens, cached + tokens], float.NegativeInfinity, like.dtype, like.device);
        return mask.triu_(cached + 1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _embeddings.Dispose();
        _head.Dispose();
        FinalNorm.Dispose();
        Rotary.Dispose();
        Array.ForEach(_layers, layer => layer.Dispose());
    }
}
