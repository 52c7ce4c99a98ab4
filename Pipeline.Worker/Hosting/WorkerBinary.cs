using System.Runtime.InteropServices;

namespace Pipeline.Worker.Hosting;

/// <summary>How this program is started again as a process of its own, whichever program it is part of.</summary>
internal static class WorkerBinary
{
    private const string Name = "Pipeline.Worker";

    /// <summary>The runtime that runs this process, or for one without a runtime of its own on the machine the worker's executable; and what goes before the arguments.</summary>
    public static (string Host, string[] Program) Find()
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(dotnet)
            ? (dotnet, [Path.Combine(AppContext.BaseDirectory, $"{Name}.dll")])
            : (Path.Combine(AppContext.BaseDirectory, Name), []);
    }
}
