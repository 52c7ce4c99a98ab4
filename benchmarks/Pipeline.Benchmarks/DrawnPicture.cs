using NetVips;

namespace Pipeline.Benchmarks;

/// <summary>Like a photograph to a decoder: slow gradients, texture, a few hard edges and a sensor's noise. The same on every machine.</summary>
internal static class DrawnPicture
{
    private const int Width = 640, Height = 480;

    public static byte[] Jpeg()
    {
        using var ramp = Image.Xyz(Width, Height);
        using var gradient = (ramp[0] * (120.0 / Width)) + (ramp[1] * (140.0 / Height));
        using var clouds = Image.Perlin(Width, Height, cellSize: 80, seed: 1) * 40;
        using var grain = Image.Gaussnoise(Width, Height, sigma: 6, mean: 0, seed: 2);
        using var light = gradient + clouds + grain;
        using var colours = light.Bandjoin((light * 0.8) + 30, 220 - light);
        using var canvas = colours.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        using var picture = canvas.Mutate(edit =>
        {
            edit.DrawRect([200, 60, 40], 60, 250, 150, 180, fill: true);
            edit.DrawCircle([240, 220, 90], 480, 120, 60, fill: true);
            edit.DrawCircle([30, 90, 50], 330, 330, 90, fill: true);
            edit.DrawLine([15, 15, 20], 0, 430, 639, 380);
        });
        return picture.JpegsaveBuffer(q: 90);
    }
}
