namespace Scenes.Layout;

/// <summary>Puts objects into different places of the grid.</summary>
internal static class ObjectPlacer
{
    private static readonly SceneShape[] s_shapes = Enum.GetValues<SceneShape>();
    private static readonly SceneColour[] s_colours = Enum.GetValues<SceneColour>();

    public static IReadOnlyList<SceneObject> Place(ImageFormat format, SceneRandom random, SceneOptions options)
    {
        var places = format.Columns * format.Rows;
        var count = random.Between(Math.Min(options.MinObjects, places), Math.Min(options.MaxObjects, places));
        List<SceneObject> objects = [];
        foreach (var cell in random.Shuffled(Enumerable.Range(0, places)).Take(count).Order())
        {
            var (shape, colour) = (random.Of(s_shapes), random.Of(s_colours));
            while (objects.Exists(other => other.Shape == shape && other.Colour == colour))
            {
                (shape, colour) = (random.Of(s_shapes), random.Of(s_colours));
            }

            var size = random.Chance(0.5) ? SceneSize.Large : SceneSize.Small;
            var place = new ScenePlace(cell % format.Columns, cell / format.Columns, format.Columns, format.Rows);
            objects.Add(new SceneObject(shape, colour, size, Box(format, place, Diameter(format, size, random), random), place));
        }

        return objects;
    }

    // Of the place; where places are narrowest, what is large is still larger than what is small elsewhere.
    private static int Diameter(ImageFormat format, SceneSize size, SceneRandom random) =>
        (int)(format.CellSide * (size is SceneSize.Large ? random.Between(0.87, 0.94) : random.Between(0.51, 0.56)));

    private static PixelBox Box(ImageFormat format, ScenePlace place, int diameter, SceneRandom random)
    {
        var left = Start(format.Width, place.Column, place.Columns, diameter, random);
        var top = Start(format.Height, place.Row, place.Rows, diameter, random);
        return new PixelBox(left, top, left + diameter, top + diameter);
    }

    // Off the middle of its place a little, but never so far that "left of" or "above" could be doubted.
    private static int Start(int length, int index, int count, int diameter, SceneRandom random)
    {
        var cell = (double)length / count;
        var reach = Math.Min(0.4 * (cell - diameter), 0.05 * length);
        return (int)((cell * index) + ((cell - diameter) / 2) + random.Between(-reach, reach));
    }
}
