using Pipeline.Model.Configuration;
using Pipeline.Model.Layers;
using Pipeline.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Training;

/// <summary>
/// What pretraining on crops asks: of each patch where it lies, and the shape, colour and size of the object it lies on; of the class token those of the
/// crop's only object, and the sign's characters.
/// </summary>
/// <remarks>Training only; no checkpoint holds these.</remarks>
internal sealed class CropHeads(WeightSource source, CropLabelCounts counts) : IDisposable
{
    /// <summary>In front of the names of the heads' tensors.</summary>
    public const string Prefix = "pretraining";

    private const float NoneWeight = 0.1f;

    private readonly Linear _shape = Linear.Load(source, $"{Prefix}.shape");
    private readonly Linear _colour = Linear.Load(source, $"{Prefix}.colour");
    private readonly Linear _size = Linear.Load(source, $"{Prefix}.size");
    private readonly Linear _place = Linear.Load(source, $"{Prefix}.place");
    private readonly Linear _sign = Linear.Load(source, $"{Prefix}.sign");

    /// <summary>Names and shapes of the heads' tensors.</summary>
    public static Dictionary<string, long[]> Shapes(DragonflyConfig config, CropLabelCounts counts)
    {
        long hidden = config.Language.HiddenSize;
        (string Name, long Classes)[] heads =
            [("shape", counts.Shapes), ("colour", counts.Colours), ("size", counts.Sizes), ("place", config.Vision.Tokens - 1), ("sign", counts.Places * counts.Characters)];
        return heads.SelectMany(head => new[] { ($"{Prefix}.{head.Name}.weight", (long[])[head.Classes, hidden]), ($"{Prefix}.{head.Name}.bias", [head.Classes]) })
            .ToDictionary(tensor => tensor.Item1, tensor => tensor.Item2);
    }

    /// <param name="projected"><c>[crops, tokens, hidden]</c>, the class token first</param>
    /// <param name="batch">Labels of the crops.</param>
    public CropResult Forward(Tensor projected, CropLabels batch)
    {
        using DisposeScope scope = NewDisposeScope();
        long crops = projected.size(0), patches = projected.size(1) - 1;
        Tensor rows = projected.reshape(crops * projected.size(1), -1);
        Tensor shapes = tensor(batch.Shapes), colours = tensor(batch.Colours), sizes = tensor(batch.Sizes), signs = tensor(batch.Signs);
        Tensor shapeLogits = _shape.Forward(rows), colourLogits = _colour.Forward(rows);
        Tensor signLogits = _sign.Forward(projected.select(1, 0)).view(crops * counts.Places, counts.Characters);
        Tensor placeLogits = _place.Forward(projected.narrow(1, 1, patches).reshape(crops * patches, -1));
        Tensor places = arange(patches).repeat(crops);
        Tensor loss = Loss(shapeLogits, shapes).add_(Loss(colourLogits, colours)).add_(Loss(_size.Forward(rows), sizes)).add_(Loss(signLogits, signs))
            .add_(nn.functional.cross_entropy(placeLogits, places));
        using IDisposable plain = no_grad();
        Tensor objects = shapes.gt(0); // 0: background; negative: not asked
        Tensor shaped = shapeLogits.argmax(1).eq(shapes).logical_and(objects), coloured = colourLogits.argmax(1).eq(colours).logical_and(objects);
        Tensor wanted = signs.view(crops, counts.Places), named = wanted.gt(0).any(1); // a sign is there: its first character is not "none"
        Tensor read = signLogits.argmax(1).view(crops, counts.Places).eq(wanted).all(1).logical_and(named);
        return new CropResult(
            loss.MoveToOuterDisposeScope(), Ratio(shaped.logical_and(coloured), objects), Ratio(shaped, objects), Ratio(coloured, objects), Ratio(read, named),
            placeLogits.argmax(1).eq(places).mean([0], type: ScalarType.Float32).item<float>());
    }

    // Most patches are background, most crops bear no sign, and both are seen at once: at full weight they would drown what is to be learnt.
    private static Tensor Loss(Tensor logits, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weights = ones(logits.size(1));
        weights[0] = NoneWeight;
        Tensor sum = nn.functional.cross_entropy(logits, labels, weights, ignore_index: TrainingText.Ignored, reduction: nn.Reduction.Sum);
        Tensor asked = weights.index_select(0, labels.clamp(min: 0)).mul(labels.ne(TrainingText.Ignored)).sum();
        return sum.div(asked.clamp(min: NoneWeight)).MoveToOuterDisposeScope(); // where nothing is asked, 0
    }

    private static double Ratio(Tensor right, Tensor asked)
    {
        long count = asked.sum().item<long>();
        return count == 0 ? double.NaN : right.sum().item<long>() / (double)count;
    }

    public void Dispose()
    {
        _shape.Dispose();
        _colour.Dispose();
        _size.Dispose();
        _place.Dispose();
        _sign.Dispose();
    }
}

/// <summary>Classes of each head; 0 is always "none".</summary>
/// <param name="Shapes">Background included.</param>
/// <param name="Colours">Background included.</param>
/// <param name="Sizes">Background included.</param>
/// <param name="Places">Most characters of a sign.</param>
/// <param name="Characters">"None" included.</param>
internal sealed record CropLabelCounts(int Shapes, int Colours, int Sizes, int Places, int Characters);

/// <summary>Crops to learn from.</summary>
/// <param name="Pixels">uint8 <c>[crops, size, size, 3]</c></param>
/// <param name="Count">Crops.</param>
/// <param name="Labels">What lies on them.</param>
internal sealed record CropBatch(byte[] Pixels, int Count, CropLabels Labels);

/// <summary>What lies on crops; <see cref="TrainingText.Ignored"/> where a label is not asked for.</summary>
/// <param name="Shapes"><c>[crops · tokens]</c>, each crop's class token first</param>
/// <param name="Colours"><c>[crops · tokens]</c></param>
/// <param name="Sizes"><c>[crops · tokens]</c></param>
/// <param name="Signs"><c>[crops · places]</c></param>
internal sealed record CropLabels(long[] Shapes, long[] Colours, long[] Sizes, long[] Signs)
{
    public static CropLabels Concat(IReadOnlyList<CropLabels> parts) => new(
        [.. parts.SelectMany(part => part.Shapes)], [.. parts.SelectMany(part => part.Colours)], [.. parts.SelectMany(part => part.Sizes)], [.. parts.SelectMany(part => part.Signs)]);
}

/// <summary>Loss of a batch, and how much of it was right.</summary>
/// <param name="Loss">A scalar tensor.</param>
/// <param name="Objects">Share of the tokens on objects whose shape and colour are both right; NaN: there were none.</param>
/// <param name="Shapes">Of these, share whose shape is right.</param>
/// <param name="Colours">Of these, share whose colour is right.</param>
/// <param name="Signs">Share of the signs whose characters are all right; NaN: there were none.</param>
/// <param name="Places">Share of the patches that tell where in the crop they lie.</param>
internal sealed record CropResult(Tensor Loss, double Objects, double Shapes, double Colours, double Signs, double Places);
