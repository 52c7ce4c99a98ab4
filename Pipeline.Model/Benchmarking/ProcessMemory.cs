using System.Globalization;

namespace Pipeline.Model.Benchmarking;

/// <summary>Most memory this process had resident at once, as Linux counts it.</summary>
internal static class ProcessMemory
{
    private const string Peak = "VmHWM:";

    /// <summary>Begins to count anew; where the system does not let it, the peak stays that of the whole process.</summary>
    public static void ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it. An older, higher peak is then reported: never too low a one.
        }
    }

    /// <returns>Bytes.</returns>
    public static long PeakBytes()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return 1_024 * long.Parse(line[Peak.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
