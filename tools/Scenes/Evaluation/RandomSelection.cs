using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;

namespace Scenes.Evaluation;

/// <summary>v1 with three high-resolution crops of each six drawn at random, to measure what choosing them is worth.</summary>
public static class RandomSelection
{
    /// <exception cref="ModelLoadException">The folder is not a whole Dragonfly checkpoint.</exception>
    public static Task<InferenceEngine> LoadAsync(string folder, EngineOptions options, CancellationToken cancellationToken) =>
        InferenceEngine.LoadAsync(folder, options, Pick, cancellationToken);

    /// <summary>Seeded with the scores, which differ from image to image: the same image is given the same crops whatever else runs.</summary>
    internal static int[] Pick(float[,] scores)
    {
        var random = new SceneRandom(scores.Cast<float>().Aggregate(0L, (seed, score) => (seed * 31) + BitConverter.SingleToInt32Bits(score)));
        return [.. Enumerable.Range(0, scores.GetLength(0)).SelectMany(region => random
            .Shuffled(Enumerable.Range(region * DragonflyConfig.SelectionInterval, DragonflyConfig.SelectionInterval))
            .Take(DragonflyConfig.SelectionKept)).Order()];
    }
}
