using Scenes.Drawing;
using Scenes.Layout;
using Scenes.Texts;

namespace Scenes;

/// <summary>Draws scenes: seed in, pixels and ground truth out, the same on every machine.</summary>
/// <remarks>Thread-safe. Only the four arithmetic operations and square roots are used, which IEEE 754 rounds exactly.</remarks>
public static class SceneGenerator
{
    /// <param name="seed">See <see cref="SceneSeeds"/>.</param>
    /// <param name="options">How hard it may be.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static Scene Draw(long seed, SceneOptions options)
    {
        options.Check();
        var random = new SceneRandom(seed);
        var layout = SceneLayout.Arrange(random, options);
        var (captions, questions) = Describe(layout, options, random);
        return new Scene
        {
            Seed = seed,
            Width = layout.Width,
            Height = layout.Height,
            Rgb = ScenePainter.Paint(layout, random),
            Objects = layout.Objects,
            Signs = layout.Signs,
            Captions = captions,
            Questions = questions,
        };
    }

    /// <summary>All that is said of a scene, without drawing it.</summary>
    internal static (IReadOnlyList<string> Captions, IReadOnlyList<SceneQuestion> Questions) Describe(long seed, SceneOptions options)
    {
        var random = new SceneRandom(seed);
        return Describe(SceneLayout.Arrange(random, options), options, random);
    }

    /// <summary>Further questions about a scene, to practise on: each round is drawn as <see cref="Scene.Questions"/> are.</summary>
    /// <param name="scene">As <see cref="Draw"/> drew it.</param>
    /// <param name="options">That it was drawn with.</param>
    /// <param name="rounds">How often each is drawn. One may come up twice.</param>
    public static IReadOnlyList<SceneQuestion> Practice(Scene scene, SceneOptions options, int rounds)
    {
        var layout = SceneLayout.Arrange(new SceneRandom(scene.Seed), options);
        var random = new SceneRandom(~scene.Seed);
        return [.. Enumerable.Range(0, rounds).SelectMany(_ => new QuestionWriter(layout, options, random).Write())];
    }

    private static (IReadOnlyList<string> Captions, IReadOnlyList<SceneQuestion> Questions) Describe(
        SceneLayout layout, SceneOptions options, SceneRandom random) =>
        ([.. CaptionPrompts.All.Select((_, index) => CaptionWriter.Write(index, layout))], new QuestionWriter(layout, options, random).Write());
}
