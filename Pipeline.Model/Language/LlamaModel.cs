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
    private readonly RmsNorm _norm;
    private readonly RotaryEmbedding _rotary;
    private readonly LlamaLayer[] _layers;

    /// <param name="source">Weights.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    public LlamaModel(WeightSource source, LlamaConfig config, int maxModelLen)
    {
        _embeddings = source.Read($"{DragonflyParameters.Language}.embed_tokens.weight").DetachFromDisposeScope();
        _head = config.TieWordEmbeddings ? _embeddings : source.Read(DragonflyParameters.LanguageHead).DetachFromDisposeScope();
        _norm = new RmsNorm(source, $"{DragonflyParameters.Language}.norm", config.RmsNormEps);
        _rotary = new RotaryEmbedding(config, maxModelLen, source.Device);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(layer => new LlamaLayer(source, config, _rotary, layer))];
    }

    /// <returns><c>[tokens, hidden]</c></returns>
    public Tensor Embed(IReadOnlyList<int> ids)
    {
        using Tensor indices = tensor(ids.Select(id => (long)id).ToArray(), device: _embeddings.device);
        return _embeddings.index_select(0, indices);
    }

    /// <summary>Runs new positions behind those in the cache, which grows by them.</summary>
    /// <param name="embeddings"><c>[tokens, hidden]</c></param>
    /// <param name="cache">This sequence's.</param>
    /// <returns><c>[tokens, hidden]</c>, before the final norm</returns>
    public Tensor Forward(Tensor embeddings, KvCache cache)
    {
        using DisposeScope scope = NewDisposeScope();
        int tokens = (int)embeddings.size(0);
        Tensor? mask = tokens > 1 ? CausalMask(tokens, cache.Length, embeddings) : null;
        Tensor hidden = embeddings.unsqueeze(0);
        foreach (LlamaLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden, cache, mask);
            hidden.Dispose();
            hidden = next;
        }

        cache.Advance(tokens);
        return hidden.squeeze(0).MoveToOuterDisposeScope();
    }

    /// <param name="hidden">From <see cref="Forward"/>: <c>[tokens, hidden]</c>; pass only the positions whose logits are needed.</param>
    /// <returns>float32 <c>[tokens, vocabulary]</c></returns>
    public Tensor Logits(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.linear(_norm.Forward(hidden), _head).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Token i of the new ones sees all cached positions and the new ones up to itself.</summary>
    private static Tensor CausalMask(int tokens, int cached, Tensor like)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor mask = full([tokens, cached + tokens], float.NegativeInfinity, like.dtype, like.device);
        return mask.triu_(cached + 1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _embeddings.Dispose();
        _head.Dispose();
        _norm.Dispose();
        _rotary.Dispose();
        Array.ForEach(_layers, layer => layer.Dispose());
    }
}
