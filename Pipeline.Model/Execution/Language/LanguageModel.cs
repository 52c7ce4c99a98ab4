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
    private readonly Tensor _head;
    private readonly RmsNorm _finalNorm;
    private readonly LanguageLayer[] _layers;
    private readonly Workspace _workspace;

    /// <param name="source">Weights, by LlamaForCausalLM's names.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    public LanguageModel(WeightSource source, LlamaConfig config, int maxModelLen)
    {
        _embeddings = source.Read("model.embed_tokens.weight").DetachFromDisposeScope();
        _head = config.TieWordEmbeddings ? _embeddings : source.Read("lm_head.weight").DetachFromDisposeScope();
        _finalNorm = RmsNorm.Load(source, "model.norm", config.RmsNormEps);
        _layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(layer => new LanguageLayer(source, config, layer))];
        _workspace = new Workspace(source.Type, source.Device);
        Rotary = new Rotary(config, maxModelLen, source.Device);
    }

    public Rotary Rotary { get; }

    /// <returns><c>[tokens, hidden]</c></returns>
    public Tensor Embed(IEnumerable<int> ids)
    {
        using Tensor indices = tensor(ids.Select(id => (long)id).ToArray(), device: _embeddings.device);
        return _embeddings.index_select(0, indices);
    }

    /// <param name="hidden">Embeddings, <c>[tokens, hidden]</c>; become the last layer's output, before the final norm.</param>
    /// <param name="rotary">Of the tokens' positions.</param>
    /// <param name="attention">What each token sees.</param>
    public void Forward(Tensor hidden, RotaryRows rotary, AttentionPass attention)
    {
        foreach (LanguageLayer layer in _layers)
        {
            layer.Forward(hidden, rotary, attention, _workspace);
        }
    }

    /// <param name="hidden">From <see cref="Forward"/>: <c>[rows, hidden]</c>, only the rows whose logits are needed.</param>
    /// <returns>float32 <c>[rows, vocabulary]</c></returns>
    public Tensor Logits(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return nn.functional.linear(_finalNorm.Forward(hidden), _head).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_embeddings, _head, _finalNorm, Rotary, _workspace, .. _layers])
        {
            part.Dispose();
        }
    }
}
