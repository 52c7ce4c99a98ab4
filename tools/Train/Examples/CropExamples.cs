using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Training;
using Scenes;

namespace Train.Examples;

/// <summary>Crops of scenes, labelled from the boxes of what they show: the low one, all middle ones, the sign's, and one or two others.</summary>
internal sealed class CropExamples(DragonflyVersion version, ClipVisionConfig vision)
{
    private const string Characters = "0123456789GOINUPK";

    public static CropLabelCounts Counts { get; } = new(
        1 + Enum.GetValues<SceneShape>().Length, 1 + Enum.GetValues<SceneColour>().Length, 1 + Enum.GetValues<SceneSize>().Length, Places: 2, 1 + Characters.Length);

    private readonly SceneCrops _crops = new(version, vision.ImageSize);

    /// <param name="scenes">Drawn for the batch.</param>
    /// <param name="random">Chooses crops.</param>
    public CropBatch Create(IReadOnlyList<Scene> scenes, Random random)
    {
        List<byte> pixels = [];
        List<CropLabels> labels = [];
        var count = 0;
        foreach (var scene in scenes)
        {
            var image = _crops.Cut(scene);
            var plan = _crops.Plan(scene);
            foreach (var crop in Choose(scene, plan, random))
            {
                pixels.AddRange(image.Crop(crop));
                labels.Add(Label(scene, CropBox.Of(plan, crop), vision.Grid));
                count++;
            }
        }

        return new CropBatch([.. pixels], count, CropLabels.Concat(labels));
    }

    /// <param name="scene">That the crop is of.</param>
    /// <param name="crop">What it shows of it.</param>
    /// <param name="grid">Patches of a side.</param>
    public static CropLabels Label(Scene scene, CropBox crop, int grid)
    {
        TokenLabel[] tokens = [TokenLabel.OfCrop(scene, crop), .. TokenLabel.OfPatches(scene, crop, grid)];
        return new CropLabels(
            [.. tokens.Select(label => label.Shape)], [.. tokens.Select(label => label.Colour)], [.. tokens.Select(label => label.Size)], [.. Sign(scene, crop)]);
    }

    private static List<int> Choose(Scene scene, IReadOnlyList<CropGrid> plan, Random random)
    {
        var high = 1 + DragonflyConfig.MiddleCrops;
        return [.. Enumerable.Range(0, high), .. SceneCrops.WithSign(scene, plan).Take(2), high + random.Next(plan[^1].Count)];
    }

    // Low and middle crops are not asked: there a sign can't be read.
    private static IEnumerable<long> Sign(Scene scene, CropBox crop)
    {
        if (crop.Level is not CropLevel.High || scene.Signs.Any(sign => crop.Touches(sign.Box, scene) && !crop.Holds(sign.Box, scene)))
        {
            return Enumerable.Repeat(TrainingText.Ignored, Counts.Places);
        }

        var text = scene.Signs.FirstOrDefault(sign => crop.Holds(sign.Box, scene))?.Text ?? "";
        return Enumerable.Range(0, Counts.Places).Select(place => place < text.Length ? 1L + Characters.IndexOf(text[place]) : 0);
    }
}
