using System.Diagnostics;
using Pipeline.Model.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Benchmarking;

/// <summary>Times what runs on a device, whose work goes on behind the call that asked for it.</summary>
internal static class DeviceClock
{
    /// <summary>Bytes that are read; a card's caches hold far less.</summary>
    private const long CopiedOnCpu = 256L << 20, CopiedOnDevice = 2L << 30;

    private const int Copies = 5;

    /// <returns>Seconds until the device has done all that was asked of it.</returns>
    public static double Time(Placement placement, Action work)
    {
        Synchronize(placement);
        long start = Stopwatch.GetTimestamp();
        work();
        Synchronize(placement);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Bytes a second that a copy reads and writes, together: the median of several.</summary>
    public static Task<double> BandwidthAsync(Placement placement, CancellationToken cancellationToken) => TensorThread.RunAsync(
        () =>
        {
            long bytes = placement.Device.type == DeviceType.CPU ? CopiedOnCpu : CopiedOnDevice;
            using Tensor source = ones([bytes], ScalarType.Byte, placement.Device), target = zeros([bytes], ScalarType.Byte, placement.Device);
            return 2.0 * bytes / Enumerable.Range(0, Copies + 1).Select(_ => Time(placement, () => target.copy_(source))).Skip(1).Median();
        },
        cancellationToken);

    private static void Synchronize(Placement placement)
    {
        if (placement.Device.type == DeviceType.CUDA)
        {
            cuda.synchronize(placement.Device);
        }
    }
}
