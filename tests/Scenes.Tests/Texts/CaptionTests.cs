namespace Scenes.Tests.Texts;

public sealed class CaptionTests
{
    [Fact]
    public void Captions_read_as_written_here()
    {
        var scene = SceneGenerator.Draw(SceneSeeds.HeldOut(0, 4), new SceneOptions());

        Assert.Equal(
            [
                "A small orange triangle, a large blue square and a small black cross, with the orange triangle above the blue square and a sign that says 66.",
                "There are 3 shapes. The small orange triangle is above the large blue square. The small black cross is right of the large blue square. The sign says 66.",
                "There is an orange triangle at the top right, a blue square on the left and a black cross on the right. The sign says 66.",
                "orange triangle, blue square and black cross",
            ],
            scene.Captions);
    }

    [Fact]
    public void Each_prompt_has_its_caption_and_each_caption_names_all_objects()
    {
        for (var index = 0; index < 200; index++)
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Training(index), new SceneOptions { CropSize = 32 });
            Assert.Equal(CaptionPrompts.All.Count, scene.Captions.Count);
            Assert.All(scene.Captions, caption => Assert.All(scene.Objects, item =>
                Assert.Contains($"{item.Colour} {item.Shape}", caption, StringComparison.OrdinalIgnoreCase)));
            Assert.All(scene.Captions.Take(3), caption => Assert.Equal(scene.Signs.Count > 0, caption.Contains(" sign")));
        }
    }
}
