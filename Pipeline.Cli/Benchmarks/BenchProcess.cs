using System.Diagnostics;
using Pipeline.Cli.Commands;

namespace Pipeline.Cli.Benchmarks;

/// <summary>
/// A part of the benchmark in a process of its own. It says <c>ready CPU PEAK</c> once it has started and <c>done CPU PEAK</c> at its end; it ends when
/// its input does, so that it never outlives this process.
/// </summary>
internal sealed class BenchProcess : IDisposable
{
    private const string Ready = "ready", Done = "done";

    private readonly Process _process;

    private BenchProcess(Process process) => _process = process;

    /// <summary>CPU that it had taken when its costs began to count.</summary>
    private TimeSpan Uncounted { get; set; }

    /// <param name="environment">Above this process's own.</param>
    /// <param name="arguments">Verbs and options of <c>pipeline</c>.</param>
    /// <param name="cancellationToken">Stops waiting for its start.</param>
    /// <param name="core">The only one that it uses; null: all of them.</param>
    public static async Task<BenchProcess> StartAsync(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, CancellationToken cancellationToken, int? core = null)
    {
        var host = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(host) is "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "pipeline.dll")] : [];
        string[] command = [host, .. program, .. arguments];
        string[] whole = core is { } only ? ["taskset", "--cpu-list", $"{only}", .. command] : command;
        var start = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var started = new BenchProcess(Process.Start(start)!);
        started.Uncounted = (await started.ReadAsync(Ready, cancellationToken)).Cpu;
        return started;
    }

    /// <summary>Costs count from now on, not from its start.</summary>
    public void Count()
    {
        _process.Refresh();
        Uncounted = _process.TotalProcessorTime;
    }

    /// <summary>Memory that it has now.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Ends it, or waits for its end if it ends by itself.</summary>
    /// <returns>What it took since its costs count, and the peak of all its life.</returns>
    public async Task<ProcessCost> EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        var end = await ReadAsync(Done, cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return end with { Cpu = end.Cpu - Uncounted };
    }

    /// <summary>Inside the process: says that it has started, does its work, and says what it took.</summary>
    public static async Task<int> ServeAsync(Func<Task> work)
    {
        Console.WriteLine($"{Ready} {ProcessCost.Now()}");
        await work();
        Console.WriteLine($"{Done} {ProcessCost.Now()}");
        return ExitCode.Success;
    }

    private async Task<ProcessCost> ReadAsync(string word, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Split(' ') is [var first, var cpu, var peak] && first == word)
            {
                return ProcessCost.Parse(cpu, peak);
            }
        }

        throw CommandException.Failure("A process of the benchmark died: its words are above.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
