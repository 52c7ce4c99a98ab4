using System.Runtime;

namespace Train.Runs;

/// <summary>Keeps the garbage collector out of a step.</summary>
/// <remarks>
/// TorchSharp turns a number into a <c>Scalar</c> of which nothing but its native handle is in use during the call. A collection at that moment, caused
/// by the thread that makes batches, frees it under libtorch's hands: after a thousand steps on a busy machine one ended with "Unknown scalar
/// type", and a wrong number would not even show.
/// </remarks>
internal static class QuietHeap
{
    /// <summary>More than all threads allocate in a step; beyond it the runtime collects after all.</summary>
    private const long Budget = 200L << 20;

    public static T Run<T>(Func<T> step)
    {
        var quiet = GC.TryStartNoGCRegion(Budget);
        try
        {
            return step();
        }
        finally
        {
            if (quiet && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }
}
