namespace Pipeline.Benchmarks;

/// <summary>One run over all rows: what it cost and what was held after each tenth of it.</summary>
internal sealed class RowRun
{
    private const int RowsPerLook = 20_000;

    private readonly List<long> _held = [];
    private TimeSpan _since, _used;

    public long Bytes { get; set; }

    public int Rows { get; private set; }

    /// <summary>Of the processor, on all threads and in the kernel, a row.</summary>
    public double Microseconds => _used.TotalMicroseconds / Rows;

    /// <summary>Bytes of managed memory in use after every 20,000 rows, garbage collected first.</summary>
    public IReadOnlyList<long> Held => _held;

    public void Start() => _since = Environment.CpuUsage.TotalTime;

    public void Stop(int rows)
    {
        _used += Environment.CpuUsage.TotalTime - _since;
        Rows += rows;
        if (rows > 0 && Rows % RowsPerLook == 0)
        {
            _held.Add(GC.GetTotalMemory(forceFullCollection: true));
        }
    }
}
