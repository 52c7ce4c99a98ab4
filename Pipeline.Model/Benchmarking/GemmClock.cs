using System.Diagnostics;
using Pipeline.Model.Native;
using static TorchSharp.torch;

namespace Pipeline.Model.Benchmarking;

/// <summary>What the machine multiplies at this moment: the yardstick that makes figures of different machines and hours compare.</summary>
internal static class GemmClock
{
    /// <summary>Products of a reading; the first, untimed one wakes the threads.</summary>
    public const int Products = 7;

    private const int Side = 1_024;

    /// <summary>Threads of a product: all cores, unless the environment says otherwise.</summary>
    public static int Threads()
    {
        TorchRuntime.EnsureLoaded();
        return get_num_threads();
    }

    /// <summary>Rates of <see cref="Products"/> float32 products of two 1024 × 1024 matrices, in FLOP/s.</summary>
    public static Task<double[]> ReadAsync(CancellationToken cancellationToken) => TensorThread.RunAsync(Read, cancellationToken);

    private static double[] Read()
    {
        using Tensor a = rand(Side, Side), b = rand(Side, Side);
        return [.. Enumerable.Range(0, Products + 1).Select(_ => Rate(a, b)).Skip(1)];
    }

    private static double Rate(Tensor a, Tensor b)
    {
        long start = Stopwatch.GetTimestamp();
        using Tensor product = a.mm(b);
        return 2.0 * Side * Side * Side / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
