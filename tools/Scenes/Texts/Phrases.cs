using Scenes.Layout;

namespace Scenes.Texts;

/// <summary>The words of the scene language: few, and always the same for the same thing.</summary>
internal static class Phrases
{
    public static string Name(SceneShape shape) => Lower(shape);

    public static string Name(SceneColour colour) => Lower(colour);

    public static string Name(SceneSize size) => Lower(size);

    /// <summary>"red circle": no other object of the scene is one.</summary>
    public static string Name(SceneObject item) => Name(item.Colour, item.Shape);

    public static string Name(SceneColour colour, SceneShape shape) => $"{Name(colour)} {Name(shape)}";

    /// <summary>"small red circle".</summary>
    public static string FullName(SceneObject item) => $"{Name(item.Size)} {Name(item)}";

    /// <summary>"a red circle", "an orange circle".</summary>
    public static string A(string noun) => (noun[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + noun;

    /// <summary>"at the top left"; of four in a row "on the far left", "on the left", of four in a column "at the very top", "at the top".</summary>
    public static string Where(ScenePlace place) => (place.Columns, place.Rows) switch
    {
        (4, 1) => $"on the {(place.Column is 0 or 3 ? "far " : "")}{(place.Column < 2 ? "left" : "right")}",
        (1, 4) => $"at the {(place.Row is 0 or 3 ? "very " : "")}{(place.Row < 2 ? "top" : "bottom")}",
        _ => $"at the {(place.Row == 0 ? "top" : "bottom")} {(place.Column == 0 ? "left" : "right")}",
    };

    public static string Name(Side side) => side switch
    {
        Side.Left => "left of",
        Side.Right => "right of",
        Side.Above => "above",
        _ => "below",
    };

    /// <summary>"A, B and C".</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count == 1 ? items[0] : $"{string.Join(", ", items.Take(items.Count - 1))} and {items[^1]}";

    public static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
