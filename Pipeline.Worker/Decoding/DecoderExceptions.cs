namespace Pipeline.Worker.Decoding;

/// <summary>No decoder process can be started: the machine's trouble or the installation's, and no image's.</summary>
internal sealed class DecoderStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A decoder process died on an image, or on its own account.</summary>
/// <param name="cause">How it ended: "was ended by SIGSEGV".</param>
internal sealed class DecoderDiedException(string cause) : Exception($"The decoder process {cause}.")
{
    public string Cause { get; } = cause;
}
