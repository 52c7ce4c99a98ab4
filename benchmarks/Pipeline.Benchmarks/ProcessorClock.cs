using Perfolizer.Horology;

namespace Pipeline.Benchmarks;

/// <summary>Counts the time that the processor spends on this process, on all its threads and in the kernel.</summary>
/// <remarks>On a core of one's own that is the time that passes; on one that is shared it leaves out the others' turns.</remarks>
internal sealed class ProcessorClock : IClock
{
    public string Title => "processor time";

    public bool IsAvailable => true;

    public Frequency Frequency => new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
