using System.Diagnostics;
using System.Globalization;

namespace Pipeline.Cli.Benchmarks;

/// <summary>What a process has taken so far.</summary>
/// <param name="Cpu">Of all its threads, in user and in system mode.</param>
/// <param name="PeakBytes">Most memory resident.</param>
internal readonly record struct ProcessCost(TimeSpan Cpu, long PeakBytes)
{
    /// <summary>Of this process.</summary>
    public static ProcessCost Now()
    {
        using var process = Process.GetCurrentProcess();
        return new ProcessCost(process.TotalProcessorTime, process.PeakWorkingSet64);
    }

    public static ProcessCost Parse(string cpuMilliseconds, string peakBytes) => new(
        TimeSpan.FromMilliseconds(double.Parse(cpuMilliseconds, CultureInfo.InvariantCulture)), long.Parse(peakBytes, CultureInfo.InvariantCulture));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cpu.TotalMilliseconds:0} {PeakBytes}");
}
