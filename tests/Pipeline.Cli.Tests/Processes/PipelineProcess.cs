using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.Processes;

/// <summary>The <c>pipeline</c> command as a process of its own, as people run it.</summary>
internal sealed partial class PipelineProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private PipelineProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
    }

    public string Output => Read(_output);

    public string Error => Read(_error);

    public IReadOnlyList<string> ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Runs the command to its end.</summary>
    public static Task<PipelineProcess> RunAsync(string folder, params string[] arguments) => RunWithAsync(folder, [], arguments);

    public static async Task<PipelineProcess> RunWithAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var process = Start(folder, environment, arguments);
        await process.WaitAsync();
        return process;
    }

    public static PipelineProcess Start(string folder, Dictionary<string, string> environment, params string[] arguments) =>
        Start(folder, environment, "dotnet", [Program, .. arguments]);

    public static PipelineProcess Start(string folder, Dictionary<string, string> environment, string program, string[] arguments)
    {
        // A shell that starts tests in the background has them ignore Ctrl-C, and all that they start; env takes that back, and is then the program itself.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var pipeline = new PipelineProcess(process);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return pipeline;
    }

    /// <summary>Folder of a program that was built together with these tests, in the same configuration.</summary>
    public static string Bin(string project) => Path.Combine(Repository.Root, "artifacts", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name);

    private static string Program => Path.Combine(Bin("Pipeline.Cli"), "pipeline.dll");

    public async Task WaitAsync()
    {
        using var patience = Patience();
        await _process.WaitForExitAsync(patience.Token);
    }

    /// <summary>Waits for something that the running process does; fails at once if it ends before.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = Patience();
        while (!condition())
        {
            if (patience.IsCancellationRequested && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"That did not happen within {s_patience.TotalMinutes} minutes. {this}");
            }

            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(patience.Token);
                if (condition())
                {
                    return;
                }

                Assert.Fail($"The process ended with exit code {ExitCode} before that. {this}");
            }

            await Task.Delay(s_look, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitAsync();
    }

    /// <summary>SIGSEGV: as a fault in a native library ends it.</summary>
    public async Task CrashAsync()
    {
        Assert.Equal(0, SendSignal(_process.Id, 11));
        await WaitAsync();
    }

    /// <summary>Ids of the processes that it has started.</summary>
    public IReadOnlyList<int> Children() => [.. Directory.EnumerateDirectories($"/proc/{Id}/task")
        .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(int.Parse)];

    /// <summary>Waits until none of the processes runs; one that nobody has asked after yet is a zombie.</summary>
    public static async Task EndedAsync(IReadOnlyList<int> processes)
    {
        using var patience = Patience();
        while (processes.Any(id => File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal)))
        {
            await Task.Delay(s_look, patience.Token);
        }
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Assert.Equal(0, SendSignal(_process.Id, 2));

    /// <summary>SIGSTOP: nothing of it runs until it is resumed.</summary>
    public void Suspend() => Assert.Equal(0, SendSignal(_process.Id, 19));

    /// <summary>SIGCONT.</summary>
    public void Resume() => Assert.Equal(0, SendSignal(_process.Id, 18));

    public void AssertExit(int exitCode) => Assert.True(_process.HasExited && ExitCode == exitCode, $"Exit code {exitCode} was expected. {this}");

    public override string ToString() =>
        $"Exit code {(_process.HasExited ? ExitCode.ToString() : "none yet")}.\n--- stdout\n{Output}\n--- stderr\n{Error}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static CancellationTokenSource Patience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        return patience;
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
