using System.Diagnostics;
using System.Runtime.InteropServices;
using k8s.Models;
using Pipeline.TestServers;

namespace Pipeline.Helm.Tests;

/// <summary>A container's program as a process: with the chart's arguments and variables and no others.</summary>
internal static partial class ChartProgram
{
    /// <summary>What the secret of keys holds.</summary>
    public const string AuthSecret = "a-secret-of-at-least-32-characters";

    private const int Terminate = 15;

    /// <param name="project">Whose program the container's image holds.</param>
    /// <param name="container">Of the chart.</param>
    /// <param name="secret">What the cluster would put in for every reference to a secret.</param>
    /// <param name="port">Free here; 0 for any.</param>
    public static Process Start(string project, V1Container container, string secret, int port)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(Repository.Root, "artifacts", "bin", project, configuration, $"{project}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. container.Args ?? []]);
        foreach (var name in start.Environment.Keys.Where(name => name is not ("PATH" or "HOME") && !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var variable in container.Env)
        {
            start.Environment[variable.Name] = variable.ValueFrom is null ? variable.Value : variable.Name.StartsWith("PIPELINE_AUTH__", StringComparison.Ordinal) ? AuthSecret : secret;
        }

        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return Process.Start(start)!;
    }

    /// <summary>SIGTERM, as the kubelet sends it.</summary>
    public static void AskToEnd(Process process) => Assert.Equal(0, Signal(process.Id, Terminate));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
