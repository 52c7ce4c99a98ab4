using Pipeline.Model.Configuration;
using Pipeline.Model.Imaging;
using Pipeline.Model.Training;
using Scenes;

namespace Train.Examples;

/// <summary>Crops of scenes, labelled from the boxes of what they show: the low one, a middle one, the sign's, and any other.</summary>
internal sealed class CropExamples(DragonflyVersion version, ClipVisionConfig vision)
{
    private const string Characters = "0123456789GOINUPK";
    private const int MiddleShown = 1;

    public static CropLabelCounts Counts { get; } = new(
        1 + Enum.GetValues<SceneShape>().Length, 1 + Enum.GetValues<SceneColour>().Length, Places: 2, 1 + Characters.Length);

    private readonly SceneCrops _crops = new(version, vision.ImageSize);

    /// <param name="scenes">Drawn for the batch.</param>
    /// <param name="random">Chooses crops.</param>
    public CropBatch Create(IReadOnlyList<Scene> scenes, Random random)
    {
        List<byte> pixels = [];
        List<long> shapes = [], colours = [], signs = [];
        var count = 0;
        foreach (var scene in scenes)
        {
            var image = _crops.Cut(scene);
            var plan = _crops.Plan(scene);
            foreach (var crop in Choose(scene, plan, random))
            {
                pixels.AddRange(image.Crop(crop));
                AddPatches(scene, CropBox.Of(plan, crop), shapes, colours);
                AddSign(scene, CropBox.Of(plan, crop), signs);
                count++;
            }
        }

        return new CropBatch([.. pixels], count, [.. shapes], [.. colours], [.. signs]);
    }

    private static List<int> Choose(Scene scene, IReadOnlyList<CropGrid> plan, Random random)
    {
        var high = 1 + DragonflyConfig.MiddleCrops;
        List<int> chosen = [0];
        chosen.AddRange(Enumerable.Range(1, DragonflyConfig.MiddleCrops).OrderBy(_ => random.Next()).Take(MiddleShown));
        chosen.AddRange(SceneCrops.WithSign(scene, plan).Take(2));
        chosen.Add(high + random.Next(plan[^1].Count));
        return chosen;
    }

    // A patch is an object's where its middle lies well within the object's box, background where it touches none, and else not asked for.
    private void AddPatches(Scene scene, CropBox crop, List<long> shapes, List<long> colours)
    {
        var grid = vision.Grid;
        for (var patch = 0; patch < grid * grid; patch++)
        {
            double width = crop.Width * scene.Width / grid, height = crop.Height * scene.Height / grid;
            double left = (crop.Left * scene.Width) + (patch % grid * width), top = (crop.Top * scene.Height) + (patch / grid * height);
            double x = left + (width / 2), y = top + (height / 2);
            var touched = scene.Objects.Where(item => item.Box.Left < left + width && item.Box.Right > left && item.Box.Top < top + height && item.Box.Bottom > top).ToArray();
            var inside = touched.FirstOrDefault(item =>
                Math.Abs(x - ((item.Box.Left + item.Box.Right) / 2.0)) < 0.38 * item.Box.Width && Math.Abs(y - ((item.Box.Top + item.Box.Bottom) / 2.0)) < 0.38 * item.Box.Height);
            var isSeenWhole = inside is not null && crop.Holds(inside.Box, scene);
            shapes.Add(touched.Length == 0 ? 0 : isSeenWhole ? 1 + (int)inside!.Shape : TrainingText.Ignored);
            colours.Add(touched.Length == 0 ? 0 : inside is not null ? 1 + (int)inside.Colour : TrainingText.Ignored);
        }
    }

    // Low and middle crops are not asked: there a sign can't be read.
    private static void AddSign(Scene scene, CropBox crop, List<long> signs)
    {
        if (crop.Level is not CropLevel.High || scene.Signs.Any(sign => crop.Touches(sign.Box, scene) && !crop.Holds(sign.Box, scene)))
        {
            signs.AddRange([TrainingText.Ignored, TrainingText.Ignored]);
            return;
        }

        var text = scene.Signs.FirstOrDefault(sign => crop.Holds(sign.Box, scene))?.Text ?? "";
        signs.AddRange(Enumerable.Range(0, Counts.Places).Select(place => place < text.Length ? 1L + Characters.IndexOf(text[place]) : 0));
    }
}
