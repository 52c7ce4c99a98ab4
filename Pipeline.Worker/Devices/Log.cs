using Microsoft.Extensions.Logging;

namespace Pipeline.Worker.Devices;

internal static partial class Log
{
    [LoggerMessage(4501, LogLevel.Information, "The worker for {Device} is process {Process}, its metrics are at {Urls}.")]
    public static partial void DeviceStarted(ILogger logger, string device, int process, string urls);

    [LoggerMessage(4502, LogLevel.Error, "The worker for {Device}, process {Process}, {Cause}: it is started again. Its own last lines say why; SIGKILL leaves none, and is what the kernel sends when memory runs out.")]
    public static partial void DeviceDied(ILogger logger, string device, int process, string cause);

    [LoggerMessage(4503, LogLevel.Warning, "Jobs are kept in memory, so that this process alone works on them, on {Device}; {Others} stay idle. For all of them set PIPELINE_STORAGE=postgres and PIPELINE_CONNECTIONSTRINGS__HANGFIRE.")]
    public static partial void OneDeviceOnly(ILogger logger, string device, string others);

    [LoggerMessage(4504, LogLevel.Warning, "{Reason}.")]
    public static partial void CardStaysIdle(ILogger logger, string reason);
}
