using Pipeline.Model.Configuration;
using Pipeline.Model.Training;
using Scenes;
using Train.Examples;

namespace Train.Tests.Examples;

public sealed class CropExamplesTests
{
    private static readonly ClipVisionConfig s_vision = Recipe.Of("v2").Vision;

    [Fact]
    public void The_low_crop_has_patches_of_each_objects_shape_and_colour()
    {
        for (var index = 0; index < 20; index++)
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Validation(index), new SceneOptions { SignShare = 0, WideShare = 0, VeryWideShare = 0 });

            var batch = new CropExamples(DragonflyVersion.V2, s_vision).Create([scene], new Random(1));

            var labels = batch.Labels.Shapes.Zip(batch.Labels.Colours).Take(s_vision.Tokens).Where(label => label.First > 0).ToHashSet();
            // A small one may lie between the middles of patches.
            Assert.Subset(Labels(scene.Objects), labels);
            Assert.Superset(Labels(scene.Objects.Where(item => item.Size is SceneSize.Large)), labels);
            Assert.Equal(batch.Count * s_vision.Tokens, batch.Labels.Shapes.Length);
            Assert.Equal(batch.Count * s_vision.ImageSize * s_vision.ImageSize * 3, batch.Pixels.Length);
        }
    }

    [Fact]
    public void The_class_token_of_a_middle_crop_tells_its_object_or_that_there_is_none()
    {
        for (var index = 0; index < 20; index++)
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Validation(index), new SceneOptions { SignShare = 0, WideShare = 0, VeryWideShare = 0 });

            var batch = new CropExamples(DragonflyVersion.V2, s_vision).Create([scene], new Random(1));

            var told = Enumerable.Range(0, 5).Select(crop => crop * s_vision.Tokens).Select(row => (batch.Labels.Shapes[row], batch.Labels.Colours[row], batch.Labels.Sizes[row]));
            Assert.Equal([(TrainingText.Ignored, TrainingText.Ignored, TrainingText.Ignored), .. Enumerable.Range(0, 4).Select(Told)], told);

            (long, long, long) Told(int place) => scene.Objects.FirstOrDefault(item => (item.Place.Row * 2) + item.Place.Column == place) is { } item
                ? (1L + (long)item.Shape, 1L + (long)item.Colour, 1L + (long)item.Size)
                : (0, 0, 0);
        }
    }

    [Fact]
    public void A_sign_is_asked_for_only_where_a_high_crop_holds_all_of_it()
    {
        var options = new SceneOptions { SignShare = 1, SignOnObjectShare = 0 };
        foreach (var straddles in (bool[])[false, true])
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Validation(3), options with { StraddlingShare = straddles ? 1 : 0 });

            var signs = new CropExamples(DragonflyVersion.V2, s_vision).Create([scene], new Random(1)).Labels.Signs.Chunk(2).ToArray();

            Assert.All(signs.Take(5), low => Assert.Equal([TrainingText.Ignored, TrainingText.Ignored], low));
            Assert.Equal(!straddles, signs.Skip(5).Any(sign => sign[0] > 0));
        }
    }

    private static HashSet<(long Shape, long Colour)> Labels(IEnumerable<SceneObject> objects) => [.. objects.Select(item => (1L + (long)item.Shape, 1L + (long)item.Colour))];
}
