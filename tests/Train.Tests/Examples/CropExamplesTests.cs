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

            var patches = s_vision.Grid * s_vision.Grid;
            var labels = batch.Shapes.Zip(batch.Colours).Take(patches).Where(label => label.First > 0).ToHashSet();
            // A small one may lie between the middles of patches.
            Assert.Subset(Labels(scene.Objects), labels);
            Assert.Superset(Labels(scene.Objects.Where(item => item.Size is SceneSize.Large)), labels);
            Assert.Equal(batch.Count * patches, batch.Shapes.Length);
            Assert.Equal(batch.Count * s_vision.ImageSize * s_vision.ImageSize * 3, batch.Pixels.Length);
        }
    }

    [Fact]
    public void A_sign_is_asked_for_only_where_a_high_crop_holds_all_of_it()
    {
        var options = new SceneOptions { SignShare = 1, SignOnObjectShare = 0 };
        foreach (var straddles in (bool[])[false, true])
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Validation(3), options with { StraddlingShare = straddles ? 1 : 0 });

            var signs = new CropExamples(DragonflyVersion.V2, s_vision).Create([scene], new Random(1)).Signs.Chunk(2).ToArray();

            Assert.All(signs.Take(2), low => Assert.Equal([TrainingText.Ignored, TrainingText.Ignored], low));
            Assert.Equal(!straddles, signs.Skip(2).Any(sign => sign[0] > 0));
        }
    }

    private static HashSet<(long Shape, long Colour)> Labels(IEnumerable<SceneObject> objects) => [.. objects.Select(item => (1L + (long)item.Shape, 1L + (long)item.Colour))];
}
