using Scenes.Layout;

namespace Scenes.Texts;

/// <summary>Writes the captions of a scene, a fixed phrasing for each prompt; objects come in reading order.</summary>
internal static class CaptionWriter
{
    /// <param name="prompt">Index into <see cref="CaptionPrompts.All"/>.</param>
    /// <param name="scene">What there is.</param>
    public static string Write(int prompt, SceneLayout scene) => prompt switch
    {
        0 => OneSentence(scene),
        1 => Detail(scene),
        2 => Places(scene),
        _ => Phrases.List([.. scene.Objects.Select(Phrases.Name)]),
    };

    // "A small red circle and a large blue star, with the red circle left of the blue star and a sign that says 42."
    private static string OneSentence(SceneLayout scene)
    {
        var shapes = Phrases.List([.. scene.Objects.Select(item => Phrases.A(Phrases.FullName(item)))]);
        List<string> with = [];
        if (scene.Objects is [var first, var second, ..])
        {
            with.Add($"the {Phrases.Name(first)} {Phrases.Name(Leading(first, second))} the {Phrases.Name(second)}");
        }

        if (scene.Signs is [var sign, ..])
        {
            with.Add($"a sign{On(sign, scene)} that says {sign.Text}");
        }

        return Phrases.Sentence(with.Count == 0 ? shapes : $"{shapes}, with {string.Join(" and ", with)}");
    }

    // "There are 3 shapes. The small red circle is left of the large blue star. …": every other pair from its other end.
    private static string Detail(SceneLayout scene)
    {
        var pairs = scene.Objects.Zip(scene.Objects.Skip(1)).Select((pair, index) => index % 2 == 0
            ? Relation(pair.First, Leading(pair.First, pair.Second), pair.Second)
            : Relation(pair.Second, Sides.Opposite(Leading(pair.First, pair.Second)), pair.First));
        var count = scene.Objects is [var only] ? $"There is 1 shape, {Phrases.A(Phrases.FullName(only))}." : $"There are {scene.Objects.Count} shapes.";
        return string.Join(' ', [count, .. pairs, .. Signs(scene)]);
    }

    // "There is a red circle at the top left and a blue star at the bottom right."
    private static string Places(SceneLayout scene)
    {
        var shapes = scene.Objects.Select(item => $"{Phrases.A(Phrases.Name(item))} {Phrases.Where(item.Place)}");
        return string.Join(' ', [Phrases.Sentence($"there is {Phrases.List([.. shapes])}"), .. Signs(scene)]);
    }

    private static string Relation(SceneObject item, Side side, SceneObject other) =>
        Phrases.Sentence($"the {Phrases.FullName(item)} is {Phrases.Name(side)} the {Phrases.FullName(other)}");

    private static IEnumerable<string> Signs(SceneLayout scene) => scene.Signs.Select(sign => $"The sign{On(sign, scene)} says {sign.Text}.");

    private static string On(SceneSign sign, SceneLayout scene) => sign.Object is { } carrier ? $" on the {Phrases.Name(scene.Objects[carrier])}" : "";

    // In reading order the next object is in the same row, so right of the one before, or in a row below.
    private static Side Leading(SceneObject first, SceneObject second) => first.Place.Row == second.Place.Row ? Side.Left : Side.Above;
}
