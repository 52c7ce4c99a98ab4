using System.Diagnostics;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Decoding;

/// <summary>How a decoder process is started: the worker's program with a verb of its own, and nothing of this process's environment but what loaders need.</summary>
internal static class DecoderProgram
{
    /// <summary>First argument of a worker that is a decoder process.</summary>
    public const string Verb = "decode-images";

    /// <summary>Where libraries lie on some systems; neither can hold a secret.</summary>
    private static readonly string[] s_kept = ["LD_LIBRARY_PATH", "DOTNET_ROOT"];

    public static ProcessStartInfo StartInfo(SharedMemory memory, DecoderSettings settings)
    {
        var (host, program) = WorkerBinary.Find();
        var start = new ProcessStartInfo(host, [.. program, Verb, memory.Path, .. settings.ToArguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        var kept = s_kept.Where(start.Environment.ContainsKey).Select(name => (name, start.Environment[name])).ToList();
        start.Environment.Clear();
        kept.ForEach(variable => start.Environment[variable.name] = variable.Item2);

        // A small heap: what the runtime reserves counts against the process's address space. The encoded file is on it.
        start.Environment["DOTNET_GCHeapHardLimit"] = ((2 * settings.MaxBytes) + (128L << 20)).ToString("x");
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["VIPS_BLOCK_UNTRUSTED"] = "1";
        return start;
    }
}
