namespace Scenes.Layout;

/// <summary>How one object stands to another.</summary>
internal enum Side
{
    Left,
    Right,
    Above,
    Below,
}

/// <summary>Relations between objects, by the rows and columns they stand in.</summary>
internal static class Sides
{
    /// <summary>All that is true: one side for each of column and row in which they differ.</summary>
    public static IReadOnlyList<Side> Between(SceneObject item, SceneObject other) =>
    [
        .. item.Place.Column == other.Place.Column ? (Side[])[] : [item.Place.Column < other.Place.Column ? Side.Left : Side.Right],
        .. item.Place.Row == other.Place.Row ? (Side[])[] : [item.Place.Row < other.Place.Row ? Side.Above : Side.Below],
    ];

    public static Side Opposite(Side side) => side switch
    {
        Side.Left => Side.Right,
        Side.Right => Side.Left,
        Side.Above => Side.Below,
        _ => Side.Above,
    };
}
