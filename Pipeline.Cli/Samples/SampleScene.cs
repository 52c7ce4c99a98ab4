namespace Pipeline.Cli.Samples;

/// <summary>One sample image: a few shapes on a ground, perhaps with a sign. Sizes are in pixels.</summary>
internal sealed record SampleScene(string Name, int Width, int Height, string Ground)
{
    public IReadOnlyList<SampleShape> Shapes { get; init; } = [];

    /// <summary>Text of a sign at the lower right, or null.</summary>
    public string? Sign { get; init; }

    public string ToSvg() =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}">
        <rect width="100%" height="100%" fill="{Ground}"/>
        {string.Concat(Shapes.Select(shape => shape.ToSvg(Width, Height)))}
        {(Sign is null ? "" : BlockLetters.Sign(Sign, Width * 0.52, Height * 0.62, Width * 0.4))}
        </svg>
        """;
}

/// <summary>A shape; position and radius are fractions of the image's sides.</summary>
/// <param name="Kind">"circle", "square", "triangle" or "star".</param>
/// <param name="Colour">Of SVG.</param>
/// <param name="X">Of the centre.</param>
/// <param name="Y">Of the centre.</param>
/// <param name="Radius">Of the shorter side.</param>
internal sealed record SampleShape(string Kind, string Colour, double X, double Y, double Radius)
{
    public string ToSvg(int width, int height)
    {
        var (x, y, r) = (X * width, Y * height, Radius * Math.Min(width, height));
        return Kind switch
        {
            "circle" => $"""<circle cx="{x:0.#}" cy="{y:0.#}" r="{r:0.#}" fill="{Colour}"/>""",
            "square" => Polygon(x, y, [r, r, r, r], startDegrees: 45),
            "triangle" => Polygon(x, y, [r, r, r], startDegrees: -90),
            "star" => Polygon(x, y, [.. Enumerable.Range(0, 10).Select(i => i % 2 == 0 ? r : 0.4 * r)], startDegrees: -90),
            _ => throw new InvalidOperationException($"'{Kind}' is no shape."),
        };
    }

    private string Polygon(double x, double y, double[] radii, double startDegrees)
    {
        var points = radii.Select((radius, i) =>
        {
            var angle = (startDegrees + (360.0 * i / radii.Length)) * Math.PI / 180;
            return $"{x + (radius * Math.Cos(angle)):0.#},{y + (radius * Math.Sin(angle)):0.#}";
        });
        return $"""<polygon points="{string.Join(' ', points)}" fill="{Colour}"/>""";
    }
}
