using Pipeline.Model.Configuration;

namespace Pipeline.Model.Benchmarking;

/// <summary>What the Python reference reached in the best setting that was found for it, and what this engine aims at.</summary>
/// <param name="NeededWithoutSharing">FLOPs needed without sharing ÷ time ÷ rate of matrix products.</param>
/// <param name="NeededPrefixShared">The same FLOPs with the image counted once for all prompts.</param>
/// <param name="Target">This engine's goal, of the reading with the image counted once.</param>
/// <remarks>
/// Medians of three runs on a virtual machine of 2 cores (AVX-512, 2.8 GHz), torch 1.13, float32: the batch of 8 images for captions, the better of one and five prompts at a
/// time for questions. They hold for these two geometries only.
/// </remarks>
public sealed record ReferenceSpeed(double NeededWithoutSharing, double NeededPrefixShared, double Target)
{
    private static readonly ClipVisionConfig s_vision = new() { HiddenSize = 256, IntermediateSize = 1_024, NumHiddenLayers = 6, NumAttentionHeads = 4 };

    /// <returns>Null where the reference was not measured.</returns>
    public static ReferenceSpeed? Of(DragonflyConfig config, string workload) => (IsMeasured(config), config.Version, workload) switch
    {
        (true, DragonflyVersion.V2, "caption") => new(0.36, 0.36, 0.65),
        (true, DragonflyVersion.V1, "caption") => new(0.33, 0.33, 0.55),
        (true, DragonflyVersion.V2, "questions") => new(0.42, 0.086, 0.60),
        (true, DragonflyVersion.V1, "questions") => new(0.41, 0.091, 0.50),
        _ => null,
    };

    private static bool IsMeasured(DragonflyConfig config) =>
        config.Vision with { ImageSize = s_vision.ImageSize, PatchSize = s_vision.PatchSize } == s_vision
        && (config.Vision.ImageSize, config.Vision.PatchSize) == (config.Version == DragonflyVersion.V1 ? (224, 32) : (336, 14))
        && config.Language is
        {
            HiddenSize: 512, IntermediateSize: 1_408, NumHiddenLayers: 8, NumAttentionHeads: 8, NumKeyValueHeads: 2, HeadDim: 64, VocabSize: 4_096,
        };
}
