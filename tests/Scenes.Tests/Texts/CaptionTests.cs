namespace Scenes.Tests.Texts;

public sealed class CaptionTests
{
    [Fact]
    public void Captions_read_as_written_here()
    {
        var scene = SceneGenerator.Draw(SceneSeeds.HeldOut(0, 2), new SceneOptions());

        Assert.Equal(
            [
                "A large blue circle, a small purple ring and a large orange square, with the blue circle above the purple ring and a sign that says 75.",
                "There are 3 shapes. The large blue circle is above the small purple ring. The large orange square is right of the small purple ring. The sign says 75.",
                "There is a blue circle at the top left, a purple ring at the bottom left and an orange square at the bottom right. The sign says 75.",
                "blue circle, purple ring and orange square",
            ],
            scene.Captions);
    }

    [Fact]
    public void Each_prompt_has_its_caption_and_each_caption_names_all_objects()
    {
        for (var index = 0; index < 200; index++)
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Training(index), new SceneOptions());
            Assert.Equal(CaptionPrompts.All.Count, scene.Captions.Count);
            Assert.All(scene.Captions, caption => Assert.All(scene.Objects, item =>
                Assert.Contains($"{item.Colour} {item.Shape}", caption, StringComparison.OrdinalIgnoreCase)));
            Assert.All(scene.Captions.Take(3), caption => Assert.Equal(scene.Signs.Count > 0, caption.Contains(" sign")));
        }
    }
}
