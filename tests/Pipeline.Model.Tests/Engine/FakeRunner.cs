using System.Collections.Concurrent;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Execution;
using Pipeline.Model.Imaging;
using Pipeline.Model.Sampling;
using Pipeline.Model.Tokenization;

namespace Pipeline.Model.Tests.Engine;

/// <summary>A network without tensors: an answer's tokens follow from the first pixel, the prompt and their number. Fails where a test wants it to.</summary>
internal sealed class FakeRunner : IModelRunner
{
    /// <summary>Tokens of an answer, its end of turn included, unless it goes on behind that.</summary>
    public const int AnswerLength = 6;

    private readonly ConcurrentDictionary<int, ImageCrops> _encoded = new();
    private readonly ConcurrentDictionary<int, ImageCrops> _prefilled = new();
    private int _endOfTurn;

    /// <summary>Called before each step's work is done, with the first pixels of the images in it (one a prompt).</summary>
    public Action<InferenceStage, byte[]> OnStep { get; set; } = (_, _) => { };

    public Action<int> OnRelease { get; set; } = _ => { };

    /// <summary>Images of each vision step.</summary>
    public ConcurrentQueue<int> Encodes { get; } = new();

    /// <summary>Sequences of each decode step.</summary>
    public ConcurrentQueue<int> Decodes { get; } = new();

    /// <summary>Slots that hold anything.</summary>
    public int Held => _encoded.Keys.Union(_prefilled.Keys).Count();

    public bool IsDisposed { get; private set; }

    public IModelRunner Create(string folder, DragonflyConfig config, EngineLimits limits, Placement placement, SpecialTokens special)
    {
        _endOfTurn = special.EndOfTurn;
        return this;
    }

    public IReadOnlyList<IReadOnlyList<int>> Encode(IReadOnlyList<VisionWork> images)
    {
        OnStep(InferenceStage.Vision, [.. images.Select(image => image.Crops.Pixels[0])]);
        Encodes.Enqueue(images.Count);
        foreach (VisionWork image in images)
        {
            Assert.True(_encoded.TryAdd(image.Slot, image.Crops), "a slot is taken twice");
        }

        return [.. images.Select(_ => Array.Empty<int>())];
    }

    public void PrefillImages(IReadOnlyList<int> slots)
    {
        OnStep(InferenceStage.ImagePrefill, [.. slots.Select(slot => _encoded[slot].Pixels[0])]);
        foreach (int slot in slots)
        {
            Assert.True(_prefilled.TryAdd(slot, _encoded[slot]), "an image is prefilled twice");
        }
    }

    public IReadOnlyList<TextResult> PrefillText(IReadOnlyList<TextWork> prompts)
    {
        OnStep(InferenceStage.TextPrefill, [.. prompts.Select(prompt => _prefilled[prompt.Slot].Pixels[0])]);
        return [.. prompts.Select(prompt => prompt is ScoreWork score
            ? (TextResult)new ChoiceScores([.. score.Choices.Select(choice => -(double)(choice.Sum() % 7) - _prefilled[prompt.Slot].Pixels[0])])
            : new NextTokens([Next(prompt.Slot, 0, ((GenerateWork)prompt).Picker)]))];
    }

    public IReadOnlyList<IReadOnlyList<PickedToken>> Decode(IReadOnlyList<DecodeWork> sequences, int tokens)
    {
        OnStep(InferenceStage.Decode, [.. sequences.Select(sequence => _prefilled[sequence.Slot].Pixels[0])]);
        Decodes.Enqueue(sequences.Count);
        return [.. sequences.Select(sequence => Enumerable.Range(0, tokens).Select(token => Next(sequence.Slot, sequence.Generated.Count + token, sequence.Picker)).ToList())];
    }

    public void Release(int slot)
    {
        OnRelease(slot);
        _encoded.TryRemove(slot, out _);
        _prefilled.TryRemove(slot, out _);
    }

    public void Dispose() => IsDisposed = true;

    /// <summary>A picker chooses every token but the end of turn, whatever the logits.</summary>
    private PickedToken Next(int slot, int generated, ITokenPicker? picker) => generated == AnswerLength - 1
        ? new PickedToken(_endOfTurn, -0.25f)
        : picker?.Pick([], []) ?? new PickedToken(40 + ((_prefilled[slot].Pixels[0] + generated) % 20), -0.5f);
}
