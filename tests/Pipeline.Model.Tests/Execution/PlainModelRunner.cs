using Pipeline.Model.Caching;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Native;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tokenization;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Execution;

/// <summary>The plain network behind the engine's interface: one image, one prompt, one choice, one token at a time. The oracle of the fast one.</summary>
internal sealed class PlainModelRunner(DragonflyModel model, int newline) : IModelRunner
{
    private readonly Dictionary<int, ImageCrops> _encoded = [];
    private readonly Dictionary<int, KvCache> _images = [];

    /// <summary>By slot and first block, which no two sequences share.</summary>
    private readonly Dictionary<(int Slot, int Block), KvCache> _sequences = [];

    public static PlainModelRunner Create(string folder, DragonflyConfig config, EngineLimits limits, Placement placement, SpecialTokens special)
    {
        TorchRuntime.EnsureLoaded();
        return new PlainModelRunner(new DragonflyModel(Checkpoint.Open(folder, config), config, limits.MaxModelLen, placement.Type, placement.Device), special.Newline);
    }

    public IReadOnlyList<IReadOnlyList<int>> Encode(IReadOnlyList<VisionWork> images)
    {
        foreach (VisionWork image in images)
        {
            Release(image.Slot);
            _encoded[image.Slot] = image.Crops;
        }

        return [.. images.Select(_ => Array.Empty<int>())];
    }

    public void PrefillImages(IReadOnlyList<int> slots)
    {
        using IDisposable inference = inference_mode();
        foreach (int slot in slots)
        {
            using DisposeScope scope = NewDisposeScope();
            var cache = new KvCache(model.Config.Language, model.Config.ImagePositions, ScalarType.Float32, CPU);
            model.Language.Forward(model.ImageEmbeddings(model.Encode(_encoded[slot]), newline), cache);
            _images[slot] = cache;
        }
    }

    public IReadOnlyList<TextResult> PrefillText(IReadOnlyList<TextWork> prompts) => [.. prompts.Select(Prefill)];

    public IReadOnlyList<IReadOnlyList<PickedToken>> Decode(IReadOnlyList<DecodeWork> sequences, int tokens) => [.. sequences.Select(sequence =>
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        KvCache cache = _sequences[(sequence.Slot, sequence.Blocks[0])];
        cache.Truncate(model.Config.ImagePositions + sequence.Length);
        List<int> generated = [.. sequence.Generated];
        List<PickedToken> picked = [];
        for (int token = 0; token < tokens; token++)
        {
            picked.Add(Pick(Run([generated[^1]], cache), sequence.Picker, generated));
            generated.Add(picked[^1].Id);
        }

        return picked;
    })];

    public void Release(int slot)
    {
        _encoded.Remove(slot);
        if (_images.Remove(slot, out KvCache? image))
        {
            image.Dispose();
        }

        foreach ((int Slot, int Block) sequence in _sequences.Keys.Where(key => key.Slot == slot).ToList())
        {
            _sequences.Remove(sequence, out KvCache? cache);
            cache?.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (int slot in _encoded.Keys.Concat(_images.Keys).Distinct().ToList())
        {
            Release(slot);
        }

        model.Dispose();
    }

    private TextResult Prefill(TextWork prompt)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        KvCache cache = Copy(_images[prompt.Slot]);
        Tensor logits = Run(prompt.Prompt, cache);
        if (prompt is GenerateWork generate)
        {
            _sequences.Remove((prompt.Slot, generate.Blocks[0]), out KvCache? before);
            before?.Dispose();
            _sequences[(prompt.Slot, generate.Blocks[0])] = cache;
            return new NextTokens([Pick(logits, generate.Picker, [])]);
        }

        using (cache)
        {
            int length = cache.Length;
            return new ChoiceScores([.. ((ScoreWork)prompt).Choices.Select(choice =>
            {
                cache.Truncate(length);
                double sum = 0;
                Tensor next = logits;
                for (int i = 0; i < choice.Count; i++)
                {
                    sum += next.log_softmax(0)[choice[i]].item<float>();
                    next = i + 1 < choice.Count ? Run([choice[i]], cache) : next;
                }

                return sum;
            })]);
        }
    }

    /// <returns>Logits behind the last token, <c>[vocabulary]</c></returns>
    private Tensor Run(IReadOnlyList<int> tokens, KvCache cache)
    {
        Tensor hidden = model.Language.Forward(model.Language.Embed(tokens), cache);
        return model.Language.Logits(hidden.narrow(0, tokens.Count - 1, 1)).view(-1);
    }

    private static PickedToken Pick(Tensor logits, ITokenPicker? picker, IReadOnlyList<int> generated)
    {
        if (picker is not null)
        {
            return picker.Pick(logits.data<float>().ToArray(), generated);
        }

        int id = (int)logits.argmax().item<long>();
        return new PickedToken(id, logits.log_softmax(0)[id].item<float>());
    }

    private KvCache Copy(KvCache image)
    {
        var copy = new KvCache(model.Config.Language, model.MaxModelLen, ScalarType.Float32, CPU);
        for (int layer = 0; layer < model.Config.Language.NumHiddenLayers; layer++)
        {
            var (keys, values) = image.Read(layer);
            copy.Append(layer, keys, values);
        }

        copy.Advance(image.Length);
        return copy;
    }
}
