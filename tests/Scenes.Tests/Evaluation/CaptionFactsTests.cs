using Scenes.Evaluation;

namespace Scenes.Tests.Evaluation;

public sealed class CaptionFactsTests
{
    // A large blue circle (top left), a small purple ring (bottom left), a large orange square (bottom right), and a sign that says 75.
    private static readonly Scene s_scene = SceneGenerator.Draw(SceneSeeds.HeldOut(0, 2), new SceneOptions());

    [Fact]
    public void A_scenes_own_captions_are_right_in_all_they_say()
    {
        for (var index = 0; index < 300; index++)
        {
            var scene = SceneGenerator.Draw(SceneSeeds.Training(index), new SceneOptions());
            foreach (var caption in scene.Captions)
            {
                var facts = CaptionFacts.Of(caption, scene);
                Assert.All(
                    (FactCount[])[facts.Objects, facts.Colours, facts.Sizes, facts.Relations, facts.Places, facts.Signs, facts.Found],
                    count => Assert.Equal(count.All, count.Right));
                Assert.Equal(scene.Objects.Count, facts.Found.Right);
            }

            Assert.Equal(1, CaptionFacts.Of(scene.Captions[0], scene).Relations.All);
            Assert.Equal(scene.Objects.Count - 1, CaptionFacts.Of(scene.Captions[1], scene).Relations.All);
            Assert.Equal(scene.Objects.Count, CaptionFacts.Of(scene.Captions[2], scene).Places.All);
            Assert.Equal(scene.Signs.Count, CaptionFacts.Of(scene.Captions[0], scene).Signs.All);
        }
    }

    [Theory]
    [InlineData("A large blue circle, a small purple star and a large orange square.", "objects 2/3, colours 2/3, sizes 2/3, relations 0/0, places 0/0, signs 0/0, found 2/3")]
    [InlineData("A small orange circle.", "objects 1/1, colours 0/1, sizes 0/1, relations 0/0, places 0/0, signs 0/0, found 0/3")]
    [InlineData("A small orange square and a small orange square.", "objects 1/1, colours 1/1, sizes 0/1, relations 0/0, places 0/0, signs 0/0, found 1/3")]
    [InlineData("The large orange square is left of the small purple ring. The purple ring is below the blue circle.", "objects 3/3, colours 3/3, sizes 2/2, relations 1/2, places 0/0, signs 0/0, found 3/3")]
    [InlineData("There is a purple ring at the top left and an orange square at the bottom right. The sign says 78.", "objects 2/2, colours 2/2, sizes 0/0, relations 0/0, places 1/2, signs 0/1, found 2/3")]
    [InlineData("The sign on the purple ring says 75.", "objects 1/1, colours 1/1, sizes 0/0, relations 0/0, places 0/0, signs 1/1, found 1/3")]
    [InlineData("Gibberish circle of red.", "objects 0/0, colours 0/0, sizes 0/0, relations 0/0, places 0/0, signs 0/0, found 0/3")]
    public void Facts_are_counted_as_a_person_would(string caption, string expected)
    {
        var facts = CaptionFacts.Of(caption, s_scene);
        Assert.Equal(
            expected,
            $"objects {facts.Objects}, colours {facts.Colours}, sizes {facts.Sizes}, relations {facts.Relations}, places {facts.Places}, signs {facts.Signs}, found {facts.Found}");
    }
}
