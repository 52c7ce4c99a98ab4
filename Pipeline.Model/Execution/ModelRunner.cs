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
    private readonly IWeights _weights;
    private readonly DragonflyConfig _config;
    private readonly Placement _placement;
    private readonly VisionStage _vision;
    private readonly LanguageModel _language;
    private readonly int _newline;
    private readonly Dictionary<int, Tensor> _encoded = [];

    /// <param name="weights">Owned from now on: weights may be views of its files.</param>
    /// <param name="config">The checkpoint's.</param>
    /// <param name="newline">Id of the token behind each block of image rows.</param>
    /// <param name="layout">How the KV cache is cut.</param>
    /// <param name="maxModelLen">Most positions of a sequence.</param>
    /// <param name="placement">Where to run, and in which numbers.</param>
    /// <param name="pick">v1: another choice of high crops than the model's own.</param>
    public ModelRunner(
        IWeights weights, DragonflyConfig config, int newline, KvLayout layout, int maxModelLen, Placement placement, ZoomPick? pick = null)
    {
        _weights = weights;
        _config = config;
        _newline = newline;
        _placement = placement;
        var source = new WeightSource(weights, placement);
        _vision = new VisionStage(source, config, pick);
        _language = new LanguageModel(source.Below(DragonflyParameters.Language), config.Language, maxModelLen);
        Kv = new KvTensors(layout, config.ImagePositions, config.Language, placement.Type, placement.Device);
    }

    internal KvTensors Kv { get; }

    public IReadOnlyList<IReadOnlyList<int>> Encode(IReadOnlyList<VisionWork> images)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor newline = _language.Embed(Upload.Of([_newline], _placement));
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
        foreach (int[] together in slots.Chunk(_placement.UsesDeviceKernels ? slots.Count : 1))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor rows = together is [var slot] ? _encoded[slot] : cat([.. together.Select(one => _encoded[one])]);
            _language.Forward(rows, rotary.Repeat(together.Length), new ImagePass(Kv, together));
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
            _language.Embed(Upload.Of(batch.Tokens.Select(id => (long)id), _placement)), _language.Rotary.At(Upload.Of(batch.Positions, _placement)), PassOf(batch));
        Tensor logits = _language.Logits(hidden.index_select(0, Upload.Of(batch.LogitRows, _placement)));
        return TextResults.Of(logits, prompts, batch, _placement);
    }

    public IReadOnlyList<IReadOnlyList<PickedToken>> Decode(IReadOnlyList<DecodeWork> sequences, int tokens)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        var batch = new DecodeBatch(sequences, tokens);
        DecodeWork[] ordered = [.. batch.Order.Select(i => sequences[i])];
        var pass = new DecodePass(Kv, batch, sequences, tokens, _placement);
        using var choice = new TokenChoice([.. ordered.Select(one => one.Picker)], [.. ordered.Select(one => one.Generated.Count)], tokens, _placement);
        Tensor ids = Upload.Of(ordered.Select(one => (long)one.Generated[^1]), _placement), position = Upload.Of(ordered.Select(one => (long)_config.ImagePositions + one.Length), _placement);
        IReadOnlyList<int>[] answers = [.. ordered.Select(one => one.Generated)];
        for (int i = 0; i < tokens; i++)
        {
            using DisposeScope token = NewDisposeScope();
            pass.Begin(i);
            Tensor hidden = _language.Forward(_language.Embed(ids), _language.Rotary.At(position.add(i)), pass);
            ids = choice.Pick(_language.Logits(hidden), answers);
        }

        PickedToken[][] picked = choice.Read();
        var results = new PickedToken[sequences.Count][];
        for (int i = 0; i < picked.Length; i++)
        {
            results[batch.Order[i]] = picked[i];
        }

        return results;
    }

    private AttentionPass PassOf(TextBatch batch) => _placement.UsesDeviceKernels ? new DeviceTextPass(Kv, batch, _placement) : new TextPass(Kv, batch, _placement);

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
