using System.Globalization;
using System.Runtime.InteropServices;

namespace Pipeline.Worker.Tests.Decoding;

/// <summary>The decoder processes of one pool, told by a limit that no other pool has.</summary>
internal sealed partial class DecoderProcesses(long memory)
{
    public const int Kill = 9, SegmentationFault = 11, Continue = 18, Stop = 19;

    private readonly string _mark = memory.ToString(CultureInfo.InvariantCulture);

    public IReadOnlyList<int> Ids => [.. Directory.EnumerateDirectories($"/proc/{Environment.ProcessId}/task")
        .SelectMany(task => Read($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
        .Where(id => Read($"/proc/{id}/cmdline").Split('\0') is [_, _, "decode-images", .., var last, ""] && last == _mark)];

    /// <summary>A process limits its time when it gets its first image.</summary>
    public static bool HasBegun(int id) =>
        Read($"/proc/{id}/limits").Split('\n').FirstOrDefault(line => line.StartsWith("Max cpu time", StringComparison.Ordinal)) is { } line
        && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3] != "unlimited";

    public static void Send(int id, int signal) => _ = SendSignal(id, signal);

    /// <summary>Sends a signal to every process that has begun an image, until the task ends.</summary>
    public async Task StrikeAsync(int signal, Task until)
    {
        while (!until.IsCompleted)
        {
            foreach (var id in Ids.Where(HasBegun))
            {
                Send(id, signal);
            }

            await Task.WhenAny(until, Task.Delay(2));
        }
    }

    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
