using Microsoft.Extensions.Logging;

namespace Pipeline.Worker.Decoding;

internal static partial class Log
{
    [LoggerMessage(4401, LogLevel.Warning, "Decoder process {ProcessId} {Cause}; another one takes its place.")]
    public static partial void DecoderDied(ILogger logger, int processId, string cause);
}
