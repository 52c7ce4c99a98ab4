using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Scenes;
using Scenes.Dataset;

namespace Train.Examples;

/// <summary>Cuts scenes as the model's processor does, one in two by way of a file as users' images come.</summary>
internal sealed class SceneCrops(DragonflyVersion version, int cropSize)
{
    private readonly ImageProcessor _processor = new(version, cropSize);

    public ImageCrops Cut(Scene scene) => (scene.Seed & 1) == 0
        ? _processor.Process(SceneImages.Encode(scene).Bytes)
        : _processor.Process(scene.Rgb, new ImageFacts(scene.Width, scene.Height, "png"));

    public IReadOnlyList<CropGrid> Plan(Scene scene) => CropPlanner.Plan(version, scene.Width, scene.Height, cropSize);

    /// <summary>High-resolution crops that show some of a sign, as indices over all crops.</summary>
    public static IEnumerable<int> WithSign(Scene scene, IReadOnlyList<CropGrid> plan) =>
        Enumerable.Range(1 + DragonflyConfig.MiddleCrops, plan[^1].Count).Where(crop => scene.Signs.Any(sign => CropBox.Of(plan, crop).Touches(sign.Box, scene)));
}
