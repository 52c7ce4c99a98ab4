namespace Scenes.Layout;

/// <summary>What stands where, before anything is drawn.</summary>
internal sealed record SceneLayout
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public required IReadOnlyList<SceneObject> Objects { get; init; }

    public required IReadOnlyList<SceneSign> Signs { get; init; }

    public static SceneLayout Arrange(SceneRandom random, SceneOptions options)
    {
        var format = ImageFormat.Draw(random, options);
        var objects = ObjectPlacer.Place(format, random, options);
        return new SceneLayout
        {
            Width = format.Width,
            Height = format.Height,
            Objects = objects,
            Signs = random.Chance(options.SignShare) && new SignPlacer(format, objects, random, options).Place() is { } sign ? [sign] : [],
        };
    }
}
