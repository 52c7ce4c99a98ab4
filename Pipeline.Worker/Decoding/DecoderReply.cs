using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Decoding;

/// <summary>What a decoder process says: that it has started, or what became of an image.</summary>
/// <param name="Facts">Of a decoded image, whose pixels are in the shared memory; null for one that could not be decoded.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Message">Likewise.</param>
internal sealed record DecoderReply(ImageFacts? Facts, ImageFault Fault = default, string Message = "")
{
    /// <summary>Nobody needs more of it, and a process that a file took over should not choose.</summary>
    private const int LongestText = 4_096;

    /// <summary>Said once, when a process has started.</summary>
    public static DecoderReply Ready { get; } = new(new ImageFacts(0, 0, "ready"));

    public void Write(Stream stream)
    {
        var text = Encoding.UTF8.GetBytes(Facts is { } decoded ? decoded.Format : Message);
        var length = Math.Min(text.Length, LongestText);
        int[] header = [Facts is null ? (int)Fault : -1, Facts?.Width ?? 0, Facts?.Height ?? 0, length];
        stream.Write([.. MemoryMarshal.AsBytes(header.AsSpan()), .. text.AsSpan(0, length)]);
        stream.Flush();
    }

    /// <exception cref="EndOfStreamException">The process is gone.</exception>
    /// <exception cref="InvalidDataException">It says what none should.</exception>
    public static DecoderReply Read(Stream stream)
    {
        var header = new int[4];
        stream.ReadExactly(MemoryMarshal.AsBytes(header.AsSpan()));
        var (fault, width, height, length) = (header[0], header[1], header[2], header[3]);
        if (fault is < -1 or > (int)ImageFault.DecoderCrashed || length is < 0 or > LongestText || width < 0 || height < 0)
        {
            throw new InvalidDataException();
        }

        var text = new byte[length];
        stream.ReadExactly(text);
        return fault == -1
            ? new DecoderReply(new ImageFacts(width, height, Encoding.UTF8.GetString(text)))
            : new DecoderReply(null, (ImageFault)fault, Encoding.UTF8.GetString(text));
    }
}
