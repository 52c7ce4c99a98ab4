using Pipeline.Model.Configuration;
using Pipeline.Model.Language;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution.Language;

/// <summary>Llama 3 over packed tokens, tuned: what <see cref="LlamaModel"/> computes, for tokens of many sequences at once.</summary>
internal sealed class LanguageModel : IDisposable
{
    private readonly Tensor _embeddings;
    private readonly Projection _head;
    private readonly RmsNorm _finalNorm;
    private readonly LanguageLayer[] _layers;

    /// <param name="source">Weights, by LlamaForCausalLM's names.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    public LanguageModel(WeightSource source, LlamaConfig config, int maxModelLen)
    {
        _embeddings = source.Read("model.embed_tokens.weight").DetachFromDisposeScope();
        _head = Projection.Of(source.Read(config.TieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight"), null, source.Placement);
        _finalNorm = RmsNorm.Load(source, "model.norm", config.RmsNormEps);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(layer => new LanguageLayer(source, config, layer))];
        Rotary = new Rotary(config, maxModelLen, source.Device);
    }

    public Rotary Rotary { get; }

    /// <param name="ids">int64 <c>[tokens]</c>, where the model is</param>
    /// <returns><c>[tokens, hidden]</c></returns>
    public Tensor Embed(Tensor ids) => _embeddings.index_select(0, ids);

    /// <param name="embeddings"><c>[tokens, hidden]</c></param>
    /// <param name="rotary">Of the tokens' positions.</param>
    /// <param name="attention">What each token sees.</param>
    /// <returns><c>[tokens, hidden]</c>, before the final norm</returns>
    public Tensor Forward(Tensor embeddings, RotaryRows rotary, AttentionPass attention)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = embeddings.alias();
        foreach (LanguageLayer layer in _layers)
        {
            Tensor next = layer.Forward(hidden, rotary, attention);
            hidden.Dispose();
            hidden = next;
        }

        return hidden.MoveToOuterDisposeScope();
    }

    /// <param name="hidden">From <see cref="Forward"/>: <c>[rows, hidden]</c>, only the rows whose logits are needed.</param>
    /// <returns>float32 <c>[rows, vocabulary]</c></returns>
    public Tensor Logits(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return _head.Forward(_finalNorm.Forward(hidden)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_embeddings, _head, _finalNorm, Rotary, .. _layers])
        {
            part.Dispose();
        }
    }
}
