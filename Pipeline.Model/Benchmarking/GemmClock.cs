using Pipeline.Model.Execution;
using Pipeline.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Model.Benchmarking;

/// <summary>What the machine multiplies at this moment: the yardstick that makes figures of different machines and hours compare.</summary>
internal static class GemmClock
{
    /// <summary>Products of a reading; the first, untimed one wakes the threads.</summary>
    public const int Products = 7;

    private const int SideOnCpu = 1_024, SideOnDevice = 8_192;

    /// <summary>Threads of a product: all cores, unless the environment says otherwise.</summary>
    public static int Threads()
    {
        TorchRuntime.EnsureLoaded();
        return get_num_threads();
    }

    /// <summary>Side of the square matrices.</summary>
    public static int SideOf(Placement placement) => placement.Device.type == DeviceType.CPU ? SideOnCpu : SideOnDevice;

    /// <summary>Rates of <see cref="Products"/> products of two square matrices where, and in the numbers in which, the model runs, in FLOP/s.</summary>
    public static Task<double[]> ReadAsync(Placement placement, CancellationToken cancellationToken) => TensorThread.RunAsync(() => Read(placement), cancellationToken);

    private static double[] Read(Placement placement)
    {
        int side = SideOf(placement);
        using Tensor a = rand([side, side], placement.Type, placement.Device), b = rand([side, side], placement.Type, placement.Device);
        return [.. Enumerable.Range(0, Products + 1).Select(_ => 2.0 * side * side * side / DeviceClock.Time(placement, () => a.mm(b).Dispose())).Skip(1)];
    }
}
