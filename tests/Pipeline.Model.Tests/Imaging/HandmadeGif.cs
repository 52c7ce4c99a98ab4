namespace Pipeline.Model.Tests.Imaging;

/// <summary>Writes GIFs of four colours, so that tests decide palette, transparency and frames.</summary>
internal static class HandmadeGif
{
    /// <param name="width">Of the canvas and of every frame.</param>
    /// <param name="height">Likewise.</param>
    /// <param name="palette">Four colours, 12 bytes.</param>
    /// <param name="transparent">Index that is transparent, or null.</param>
    /// <param name="frames">Palette indices of each frame.</param>
    public static byte[] Write(int width, int height, byte[] palette, byte? transparent, params byte[][] frames) =>
        Write(width, height, palette, transparent, (0, 0, width, height), frames);

    /// <summary>Writes frames that all lie at one <paramref name="place"/> of the canvas.</summary>
    public static byte[] Write(
        int width, int height, byte[] palette, byte? transparent, (int Left, int Top, int Width, int Height) place, params byte[][] frames)
    {
        List<byte> gif = [.. "GIF89a"u8, (byte)width, 0, (byte)height, 0, 0x81, 0, 0, .. palette];
        byte[] descriptor = [0x2C, (byte)place.Left, 0, (byte)place.Top, 0, (byte)place.Width, 0, (byte)place.Height, 0, 0];
        foreach (var frame in frames)
        {
            byte[] control = [0x21, 0xF9, 4, (byte)(transparent is null ? 0 : 1), 5, 0, transparent ?? 0, 0];
            gif.AddRange([.. control, .. descriptor, .. Lzw(frame)]);
        }

        return [.. gif, 0x3B];
    }

    // Every second code clears the table, so that codes stay three bits wide.
    private static byte[] Lzw(byte[] indices)
    {
        const int Clear = 4, End = 5;
        var codes = indices.Chunk(2).SelectMany(pair => pair.Select(index => (int)index).Prepend(Clear)).Append(End);
        var bits = codes.SelectMany(code => Enumerable.Range(0, 3).Select(bit => (code >> bit) & 1));
        var bytes = bits.Chunk(8).Select(eight => (byte)eight.Select((bit, place) => bit << place).Sum()).ToArray();
        return [2, .. bytes.Chunk(255).SelectMany(block => block.Prepend((byte)block.Length)), 0];
    }
}
