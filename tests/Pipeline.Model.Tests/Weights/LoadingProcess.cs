using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Model.Configuration;
using Pipeline.Model.Engine;
using Pipeline.Model.Native;
using Pipeline.Model.Weights;
using static TorchSharp.torch;

namespace Pipeline.Model.Tests.Weights;

/// <summary>This program, started once more to do nothing but load a checkpoint: tests running beside it don't blur its memory.</summary>
internal static class LoadingProcess
{
    private const string Folder = "PIPELINE_TEST_LOAD_FOLDER", Type = "PIPELINE_TEST_LOAD_TYPE";

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(1);

    /// <returns>bytes by which the process's anonymous memory had grown at its peak</returns>
    public static async Task<long> MeasureAsync(string folder, ScalarType type, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(LoadingProcess).Assembly.Location, null))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [Folder] = folder, [Type] = type.ToString() },
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration kill = cancellationToken.Register(process.Kill);
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(cancellationToken));
        long before = AnonymousBytes(process), peak = before;
        await process.StandardInput.WriteLineAsync("load");
        Task<string?> loaded = process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();
        using var timer = new PeriodicTimer(s_interval);
        while (!loaded.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            peak = Math.Max(peak, AnonymousBytes(process));
        }

        Assert.Equal("loaded", await loaded);
        peak = Math.Max(peak, AnonymousBytes(process));
        await process.StandardInput.WriteLineAsync("exit");
        await process.WaitForExitAsync(cancellationToken);
        return peak - before;
    }

    /// <summary>No other thread can run this assembly's code until this returns, which it doesn't: the parent measures.</summary>
    [ModuleInitializer]
    internal static void RunAsChild()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { } folder)
        {
            Load(folder, Enum.Parse<ScalarType>(Environment.GetEnvironmentVariable(Type)!));
            Environment.Exit(0);
        }
    }

    private static void Load(string folder, ScalarType type)
    {
        TorchRuntime.EnsureLoaded();
        using (zeros(1_000_000).add_(1))
        {
            // starts libtorch's threads
        }

        DragonflyConfig config = CheckpointFolder.ReadConfig(folder);
        Console.WriteLine("ready");
        _ = Console.ReadLine();
        using var model = new DragonflyModel(Checkpoint.Open(folder, config), config, maxModelLen: 256, type, CPU);
        Console.WriteLine("loaded");
        _ = Console.ReadLine();
    }

    /// <summary>Of /proc/…/status, which counts in KiB.</summary>
    private static long AnonymousBytes(Process process)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("RssAnon:".Length, line.Length - "RssAnon: kB".Length), CultureInfo.InvariantCulture) * 1024;
    }
}
