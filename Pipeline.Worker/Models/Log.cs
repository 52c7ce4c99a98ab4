using Microsoft.Extensions.Logging;

namespace Pipeline.Worker.Models;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "The model in {Folder} is loaded, revision {Revision}: {Numerics} on {Device}, {MaxNumSeqs} answers at a time.")]
    public static partial void ModelLoaded(ILogger logger, string folder, string revision, string numerics, string device, int maxNumSeqs);

    [LoggerMessage(4002, LogLevel.Information, "The model in {Folder} is unloaded: another one is needed.")]
    public static partial void ModelUnloaded(ILogger logger, string folder);
}
