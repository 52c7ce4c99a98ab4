using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;

namespace Pipeline.Model.Benchmarking;

/// <summary>The least time that answers can take on a device: products at its rate of matrix products, and decode no faster than its weights and cached positions can be read.</summary>
/// <param name="GemmRate">FLOP/s.</param>
/// <param name="Bandwidth">Bytes/s, read and written together.</param>
public sealed record Roofline(double GemmRate, double Bandwidth)
{
    /// <summary>What an H100 can be brought to in bfloat16, of the 989 TFLOP/s (dense) and 3.35 TB/s that its maker gives.</summary>
    public static Roofline H100 { get; } = new(790e12, 3.0e12);

    /// <summary>Whether a model has the size of the published ones, for which such a card is meant.</summary>
    public static bool IsOfH100(DragonflyConfig config) => config.Language is { NumHiddenLayers: 32, HiddenSize: 4_096, IntermediateSize: 14_336 };

    /// <summary>Of all images of a run, or of one.</summary>
    /// <param name="needed">FLOPs, each image counted once.</param>
    /// <param name="steps">Decode steps; of one image its share of those that it is in.</param>
    /// <param name="bytesPerStep">See <see cref="BytesPerStep"/>.</param>
    public double Seconds(StageFlops needed, double steps, double bytesPerStep) =>
        ((needed.Vision + needed.ImagePrefill + needed.TextPrefill) / GemmRate) + Math.Max(needed.Decode / GemmRate, steps * bytesPerStep / Bandwidth);

    /// <summary>What a decode step must read: the language model's weights once, and the keys and values of each image and each text once.</summary>
    /// <param name="config">Of the model.</param>
    /// <param name="shape">Of the mean step.</param>
    /// <param name="placement">Bytes of a weight and of a cached number.</param>
    internal static double BytesPerStep(DragonflyConfig config, DecodeShape shape, Placement placement)
    {
        LlamaConfig llama = config.Language;
        double width = (double)llama.NumAttentionHeads * llama.HeadDim, keyValue = (double)llama.NumKeyValueHeads * llama.HeadDim;
        double layers = llama.NumHiddenLayers * llama.HiddenSize * ((2 * width) + (2 * keyValue) + (3.0 * llama.IntermediateSize));
        double head = (double)llama.HiddenSize * llama.VocabSize;
        double positions = ((double)shape.Images * config.ImagePositions) + ((double)shape.Sequences * shape.TextPositions);
        double weight = placement.Quantization switch { Quantization.Int8 => 1, Quantization.Int4 => 0.5, _ => placement.ElementSize };
        return (layers * weight) + (head * placement.ElementSize) + (positions * 2 * llama.NumHiddenLayers * keyValue * placement.ElementSize);
    }
}
