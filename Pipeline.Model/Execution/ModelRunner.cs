using Pipeline.Model.Configuration;
using Pipeline.Model.Execution.Language;
using Pipeline.Model.Execution.Vision;
using Pipeline.Model.Sampling;
using Pipeline.Model.Vision;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Execution;

/// <summary>The network as the engine runs it. Each call is one inference-mode block and one dispose scope; only plain arrays leave it.</summary>
internal sealed class ModelRunner : IModelRunner
{
    private readonly WeightFiles _weights;
    private readonly DragonflyConfig _config;
    private readonly ScalarType _type;
    private readonly Device _device;
    private readonly VisionStage _vision;
    private readonly LanguageModel _language;
    private readonly int _newline;
    private readonly Dictionary<int, Tensor> _encoded = [];

    /// <param name="weights">Owned from now on: weights may be views of its files.</param>
    /// <param name="config">The checkpoint's.</param>
    /// <param name="newline">Id of the token behind each block of image rows.</param>
    /// <param name="layout">How the KV cache is cut.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    /// <param name="type">Element type of weights and KV cache.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="pick">v1: another choice of high crops than the model's own.</param>
    public ModelRunner(
        WeightFiles weights, DragonflyConfig config, int newline, KvLayout layout, int maxModelLen, ScalarType type, Device device, ZoomPick? pick = null)
    {
        _weights = weights;
        _config = config;
        _newline = newline;
        _type = type;
        _device = device;
        var source = new WeightSource(weights, type, device);
        _vision = new VisionStage(source, config, pick);
        _language = new LanguageModel(source.Below(DragonflyParameters.Language), config.Language, maxModelLen);
        Kv = new KvTensors(layout, config.ImagePositions, config.Language, type, device);
    }

    internal KvTensors Kv { get; }

    public IReadOnlyList<IReadOnlyList<int>> Encode(IReadOnlyList<VisionWork> images)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor newline = _language.Embed([_newline]);
        IReadOnlyList<EncodedImage> encoded = _vision.Encode([.. images.Select(image => image.Crops)]);
        foreach ((VisionWork image, EncodedImage made) in images.Zip(encoded))
        {
            Release(image.Slot);
            _encoded[image.Slot] = ImageRows.WithNewlines(made.Rows, _config, newline).DetachFromDisposeScope();
        }

        return [.. encoded.Select(made => made.KeptHighCrops)];
    }

    public void PrefillImages(IReadOnlyList<int> slots)
    {
        using IDisposable inference = inference_mode();
        RotaryRows rotary = _language.Rotary.First(_config.ImagePositions);
        foreach (int slot in slots)
        {
            using DisposeScope scope = NewDisposeScope();
            _language.Forward(_encoded[slot], rotary, new ImagePass(Kv, [slot]));
        }

        // Not before all have ended: a step that fails is run again.
        foreach (int slot in slots)
        {
            Release(slot);
        }
    }

    public IReadOnlyList<TextResult> PrefillText(IReadOnlyList<TextWork> prompts)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        var batch = new TextBatch(prompts, _config.ImagePositions);
        Tensor hidden = _language.Forward(
            _language.Embed(batch.Tokens), _language.Rotary.At(tensor(batch.Positions.ToArray(), device: _device)), new TextPass(Kv, batch, _type, _device));
        Tensor logits = _language.Logits(hidden.index_select(0, tensor(batch.LogitRows.ToArray(), device: _device)));
        return TextResults.Of(logits, prompts, batch);
    }

    public IReadOnlyList<PickedToken> Decode(IReadOnlyList<DecodeWork> sequences)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        var batch = new DecodeBatch(sequences);
        DecodeWork[] ordered = [.. batch.Order.Select(i => sequences[i])];
        Tensor embeddings = _language.Embed(ordered.Select(one => one.Generated[^1]));
        Tensor positions = tensor(ordered.Select(one => (long)_config.ImagePositions + one.Length).ToArray(), device: _device);
        Tensor hidden = _language.Forward(embeddings, _language.Rotary.At(positions), new DecodePass(Kv, batch, sequences, _type, _device));
        PickedToken[] picked = TokenChoice.Pick(_language.Logits(hidden), [.. ordered.Select(one => (one.Picker, one.Generated))]);
        var tokens = new PickedToken[sequences.Count];
        for (int i = 0; i < picked.Length; i++)
        {
            tokens[batch.Order[i]] = picked[i];
        }

        return tokens;
    }

    public void Release(int slot)
    {
        if (_encoded.Remove(slot, out Tensor? rows))
        {
            rows.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (Tensor rows in _encoded.Values)
        {
            rows.Dispose();
        }

        _vision.Dispose();
        _language.Dispose();
        Kv.Dispose();
        _weights.Dispose();
    }
}
