using NetVips;

namespace Scenes.Dataset;

/// <summary>Many scenes in one picture, for a person to look over.</summary>
internal static class ContactSheet
{
    private const int Cell = 320;
    private const int Across = 5;

    public static void Write(string path, IReadOnlyList<Scene> scenes)
    {
        Image[] cells = [.. scenes.Select(scene =>
        {
            using var image = SceneImages.ToImage(scene);
            return image.ThumbnailImage(Cell - 8, height: Cell - 8).Gravity(Enums.CompassDirection.Centre, Cell, Cell);
        })];
        using var sheet = Image.Arrayjoin(cells, across: Across);
        sheet.Pngsave(path);
    }
}
