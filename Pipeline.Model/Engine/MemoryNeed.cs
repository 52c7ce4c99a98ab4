using Pipeline.Model.Configuration;
using Pipeline.Model.Execution;
using Pipeline.Model.Weights;

namespace Pipeline.Model.Engine;

/// <summary>Bytes that a model takes on a graphics card beside its KV cache, before anything is loaded.</summary>
/// <remarks>Weights are exact (a test compares them with the tensors themselves). A step's is an upper estimate from the sizes of what is alive at a time; on no card has it been measured.</remarks>
internal sealed record MemoryNeed
{
    /// <summary>CUDA's context and its libraries' workspaces.</summary>
    private const long Context = 1L << 30;

    /// <summary>Inputs that share a scale and a middle in <see cref="Quantization.Int4"/>.</summary>
    private const double Int4Group = 64;

    public required long Weights { get; init; }

    /// <summary>What the largest step holds for a moment.</summary>
    public required long Step { get; init; }

    public long Total => Weights + Step + Context;

    /// <param name="config">Of the model.</param>
    /// <param name="placement">Its numbers.</param>
    /// <param name="tokens">Most of a prefill step.</param>
    /// <param name="crops">Most of a vision step.</param>
    public static MemoryNeed Of(DragonflyConfig config, Placement placement, int tokens, int crops) => new()
    {
        Weights = (long)DragonflyParameters.Of(config).Sum(tensor => BytesOf(config, placement, tensor.Key, tensor.Value)) + (config.Language.TieWordEmbeddings ? HeadOf(config, placement) : 0),
        Step = placement.ElementSize * Math.Max(VisionStep(config.Vision, crops), PrefillStep(config.Language, tokens)),
    };

    /// <summary>Normed input, query, key, value, mixed values and the residual; or gate and up and their product.</summary>
    private static long PrefillStep(LlamaConfig llama, long tokens) => tokens * Math.Max(8L * llama.HiddenSize, (3L * llama.HiddenSize) + (3L * llama.IntermediateSize));

    /// <summary>The same of CLIP, beside all crops' features.</summary>
    private static long VisionStep(ClipVisionConfig clip, long crops) => crops * clip.Tokens * Math.Max(9L * clip.HiddenSize, (4L * clip.HiddenSize) + (2L * clip.IntermediateSize));

    private static long HeadOf(DragonflyConfig config, Placement placement) => (long)config.Language.VocabSize * config.Language.HiddenSize * placement.ElementSize;

    private static double BytesOf(DragonflyConfig config, Placement placement, string name, long[] shape)
    {
        if (IsLeftOut(config, name))
        {
            return 0;
        }

        double count = shape.Aggregate(1.0, (product, size) => product * size);
        bool isProduct = name.StartsWith($"{DragonflyParameters.Language}.model.layers.", StringComparison.Ordinal) && shape.Length == 2;
        return (isProduct ? placement.Quantization : Quantization.None) switch
        {
            Quantization.Int8 => count + (sizeof(float) * shape[0]),
            Quantization.Int4 => (count / 2) + (count / Int4Group * 2 * placement.ElementSize),
            _ => count * placement.ElementSize,
        };
    }

    /// <summary>Features are those before CLIP's last layer, which is not loaded.</summary>
    private static bool IsLeftOut(DragonflyConfig config, string name) =>
        name.StartsWith($"{DragonflyParameters.Vision}.vision_model.post_layernorm.", StringComparison.Ordinal)
        || name.StartsWith($"{DragonflyParameters.Vision}.vision_model.encoder.layers.{config.Vision.NumHiddenLayers - 1}.", StringComparison.Ordinal);
}
