using System.Diagnostics;
using Pipeline.Portable.Tests;
using Pipeline.TestServers;

[assembly: AssemblyFixture(typeof(PublishedProgram))]

namespace Pipeline.Portable.Tests;

/// <summary>What benchmarks/Portable/publish makes, once for all tests, and a libtorch that lies elsewhere.</summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    private static readonly string[] s_libtorch = ["libc10.so", "libtorch_cpu.so", "libtorch.so", "libgomp-98b21ff3.so.1"];

    /// <summary>All that the script calls; there is no dotnet and no Python among them.</summary>
    private static readonly string[] s_tools = ["bash", "env", "readlink", "dirname"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portable");

    public string Folder => Path.Combine(_root.FullName, "dragonfly-bench");

    /// <summary>Outside of any package cache and build output.</summary>
    public string Libtorch => Path.Combine(_root.FullName, "torch", "lib");

    /// <summary>A new, empty folder.</summary>
    public string NewFolder() => _root.CreateSubdirectory(Guid.NewGuid().ToString("n")).FullName;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Libtorch);
        foreach (var library in s_libtorch)
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", library), Path.Combine(Libtorch, library));
        }

        File.WriteAllText(Path.Combine(_root.FullName, "torch", "version.py"), "__version__ = '2.10.0+cpu'\n");
        foreach (var tool in s_tools)
        {
            File.CreateSymbolicLink(Path.Combine(_root.CreateSubdirectory("tools").FullName, tool), $"/usr/bin/{tool}");
        }

        var publish = new ProcessStartInfo(Path.Combine(Repository.Root, "benchmarks", "Portable", "publish"), [Folder])
        {
            // Servers of the build outlive it, and would hold on to the pipes that are read here.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        var (exitCode, output, error) = await RunAsync(publish);
        Assert.True(exitCode == 0, output + error);
    }

    /// <summary>Runs the script that lies in the folder as on a machine with no .NET: nothing of this process's environment is there.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, "run"), arguments);
        start.Environment.Clear();
        start.Environment["PATH"] = Path.Combine(_root.FullName, "tools");
        start.Environment["HOME"] = _root.CreateSubdirectory("home").FullName;
        return RunAsync(start);
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
