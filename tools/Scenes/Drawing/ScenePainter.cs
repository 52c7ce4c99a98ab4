using Scenes.Layout;

namespace Scenes.Drawing;

/// <summary>Draws a layout.</summary>
internal static class ScenePainter
{
    private const int ColourJitter = 10;
    private const int GroundJitter = 12;
    private const int Gradient = 14;

    private static readonly Rgb s_plate = new(252, 250, 244);
    private static readonly Rgb s_ink = new(16, 16, 20);

    // Muted, neither light nor dark: black and white both stand out.
    private static readonly Rgb[] s_grounds = [new(160, 160, 160), new(150, 162, 176), new(176, 164, 148), new(150, 166, 150), new(168, 154, 166)];

    public static byte[] Paint(SceneLayout layout, SceneRandom random)
    {
        var canvas = new Canvas(layout.Width, layout.Height);
        PaintGround(canvas, random);
        foreach (var item in layout.Objects)
        {
            canvas.Fill(item.Box.Top, item.Box.Bottom, Jitter(ColourOf(item.Colour), ColourJitter, random), Outlines.Of(item.Shape, item.Box));
        }

        foreach (var sign in layout.Signs)
        {
            PaintSign(canvas, sign);
        }

        return canvas.Rgb;
    }

    private static Rgb ColourOf(SceneColour colour) => colour switch
    {
        SceneColour.Red => new(214, 30, 36),
        SceneColour.Green => new(24, 140, 48),
        SceneColour.Blue => new(30, 70, 220),
        SceneColour.Yellow => new(245, 225, 30),
        SceneColour.Orange => new(245, 130, 16),
        SceneColour.Purple => new(140, 40, 180),
        SceneColour.Black => new(14, 14, 14),
        SceneColour.White => new(242, 242, 242),
        _ => throw new InvalidOperationException($"{colour} is no colour."),
    };

    private static void PaintGround(Canvas canvas, SceneRandom random)
    {
        var ground = Jitter(random.Of(s_grounds), GroundJitter, random);
        var slope = random.Between(-Gradient, Gradient);
        for (var y = 0; y < canvas.Height; y++)
        {
            var change = slope * (y - (canvas.Height / 2)) / canvas.Height;
            canvas.FillRow(y, new Rgb((byte)(ground.R + change), (byte)(ground.G + change), (byte)(ground.B + change)));
        }
    }

    private static void PaintSign(Canvas canvas, SceneSign sign)
    {
        var (columns, rows) = SignFont.PlateSize(sign.Text);
        var box = sign.Box;
        var border = 0.5 * Math.Min(box.Width / columns, box.Height / rows);
        canvas.Fill(box.Left, box.Top, box.Right, box.Bottom, s_ink);
        canvas.Fill(box.Left + border, box.Top + border, box.Right - border, box.Bottom - border, s_plate);
        canvas.Fill(box.Top, box.Bottom, s_ink, SignFont.Outline(sign.Text, box));
    }

    private static Rgb Jitter(Rgb colour, int reach, SceneRandom random) =>
        new(Jitter(colour.R, reach, random), Jitter(colour.G, reach, random), Jitter(colour.B, reach, random));

    private static byte Jitter(byte value, int reach, SceneRandom random) => (byte)Math.Clamp(value + random.Between(-reach, reach), 0, 255);
}
