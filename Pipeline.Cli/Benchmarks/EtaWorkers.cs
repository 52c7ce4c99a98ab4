using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Workers with the real engine, each a process on one core, as machines of their own would be.</summary>
internal sealed class EtaWorkers(bool isPaced) : IDisposable
{
    /// <summary>Images come again in long runs, and each is to take its time.</summary>
    private static readonly Dictionary<string, string> s_settings = new() { ["PIPELINE_ENGINE__ENABLEPREFIXCACHING"] = "false" };

    /// <summary>Two answers at a time that take two seconds each: an image a second.</summary>
    private static readonly string[] s_pace = ["--real", "--latency", "2", "--slots", "2"];

    private readonly List<(int Core, BenchProcess Process)> _workers = [];

    public int Count => _workers.Count;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var core = Enumerable.Range(0, Environment.ProcessorCount).MinBy(core => _workers.Count(worker => worker.Core == core));
        _workers.Add((core, await BenchProcess.StartAsync(s_settings, ["bench", BenchPartCommands.Worker, .. isPaced ? s_pace : []], cancellationToken, core)));
    }

    /// <summary>The last one ends as it is told.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => Take().EndAsync(cancellationToken);

    /// <summary>The last one is gone.</summary>
    public void Kill() => Take().Dispose();

    public void Dispose() => _workers.ForEach(worker => worker.Process.Dispose());

    private BenchProcess Take()
    {
        var last = _workers[^1].Process;
        _workers.RemoveAt(_workers.Count - 1);
        return last;
    }
}
