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

    /// <summary>"at the top left", "on the right", "in the middle".</summary>
    public static string Where(ScenePlace place)
    {
        var column = Third(place.Column, place.Columns) switch { 0 => "left", 2 => "right", _ => "" };
        var row = Third(place.Row, place.Rows) switch { 0 => "top", 2 => "bottom", _ => "" };
        return (row, column) switch
        {
            ("", "") => "in the middle",
            ("", _) => $"on the {column}",
            (_, "") => $"at the {row}",
            _ => $"at the {row} {column}",
        };
    }

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

    // Of two rows or columns one is first, the other last; a single one is the middle.
    private static int Third(int index, int count) => count switch { 1 => 1, 2 => index * 2, _ => index };

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
