using Pipeline.Model.Imaging;

namespace Pipeline.Worker.Decoding;

/// <summary>The inside of a decoder process: takes images one after the other until its input ends.</summary>
internal static class DecoderMain
{
    /// <param name="arguments">Where the shared memory is, and <see cref="DecoderSettings"/>.</param>
    /// <returns>Exit code.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        using var input = ProcessLimits.OpenInput();
        using var output = ProcessLimits.OpenOutput();
        ProcessLimits.EndWithParent();
        var settings = DecoderSettings.Parse(arguments[1..]);
        using var memory = SharedMemory.Open(arguments[0], settings);
        ImageDecoder.BlockOtherLoaders();
        ProcessLimits.Apply(settings.Memory);
        DecoderReply.Ready.Write(output);

        var request = new byte[sizeof(int)];
        while (input.ReadAtLeast(request, request.Length, throwOnEndOfStream: false) == request.Length)
        {
            ProcessLimits.AllowTime(settings.Time);
            Decode(memory, BitConverter.ToInt32(request), settings.Limits).Write(output);
        }

        return 0;
    }

    private static DecoderReply Decode(SharedMemory memory, int length, ImageLimits limits)
    {
        try
        {
            // Of the exact length, as libvips wants it.
            var encoded = GC.AllocateUninitializedArray<byte>(length);
            memory.Encoded(length).CopyTo(encoded);
            return new DecoderReply(ImageDecoder.Decode(encoded, limits, image => memory.Pixels(image.Width, image.Height)));
        }
        catch (ImageException e) when (!IsOfMemory(e))
        {
            return new DecoderReply(null, e.Fault, e.Message);
        }
        catch (Exception e) when (e is OutOfMemoryException or ImageException)
        {
            return new DecoderReply(
                null, ImageFault.TooMuchMemory, "Decoding the image takes more memory than Worker:DecoderMemory allows: scale it down, or raise the limit.");
        }
        catch (Exception e)
        {
            return new DecoderReply(null, ImageFault.Corrupt, $"The file is damaged and can't be decoded ({e.GetType().Name}).");
        }
    }

    /// <summary>The parsers say it in their own words, and nowhere else. This process decodes one image at a time, so they are of this one.</summary>
    private static bool IsOfMemory(ImageException e) => e.InnerException?.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) == true;
}
