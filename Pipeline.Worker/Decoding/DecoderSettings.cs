using System.Globalization;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Decoding;

/// <summary>What a decoder process may take of one image.</summary>
/// <param name="MaxBytes">Longest file.</param>
/// <param name="Limits">Most pixels and longest side.</param>
/// <param name="Time">Longest that decoding may take.</param>
/// <param name="Memory">Bytes of address space above what the process has when it starts.</param>
internal sealed record DecoderSettings(long MaxBytes, ImageLimits Limits, TimeSpan Time, long Memory)
{
    public static DecoderSettings From(WorkerOptions options) => new(
        options.MaxImageBytes, new ImageLimits { MaxPixels = options.MaxImagePixels }, TimeSpan.FromSeconds(options.DecodeSeconds), options.DecoderMemory);

    /// <summary>As <see cref="Parse"/> reads them.</summary>
    public IEnumerable<string> ToArguments() =>
        new[] { MaxBytes, Limits.MaxPixels, Limits.MaxSide, (long)Math.Ceiling(Time.TotalSeconds), Memory }.Select(number => number.ToString(CultureInfo.InvariantCulture));

    public static DecoderSettings Parse(ReadOnlySpan<string> arguments) => new(
        Number(arguments[0]), new ImageLimits { MaxPixels = Number(arguments[1]), MaxSide = (int)Number(arguments[2]) }, TimeSpan.FromSeconds(Number(arguments[3])), Number(arguments[4]));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
