using System.Globalization;
using Pipeline.Worker.Decoding;

namespace Pipeline.Benchmarks.Fuzzing;

/// <summary>What a decoder process of this process has taken.</summary>
/// <param name="Processor">Time that processors worked for it.</param>
/// <param name="Peak">Most memory it had at a time, in bytes.</param>
internal readonly record struct DecoderUsage(TimeSpan Processor, long Peak)
{
    private const int TicksPerSecond = 100;

    public static IReadOnlyList<DecoderUsage> Read() => [.. Directory.EnumerateDirectories("/proc/self/task")
        .SelectMany(task => TextOf($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(id => TextOf($"/proc/{id}/cmdline").Split('\0').Contains(DecoderProgram.Verb))
        .Select(Of)];

    private static DecoderUsage Of(string id)
    {
        // Behind the name in brackets: state, 10 other fields, then ticks in user and in system mode.
        var fields = TextOf($"/proc/{id}/stat").Split(") ")[^1].Split(' ');
        var ticks = fields.Length > 12 ? Number(fields[11]) + Number(fields[12]) : 0;
        var peak = TextOf($"/proc/{id}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return new DecoderUsage(
            TimeSpan.FromSeconds((double)ticks / TicksPerSecond), peak is null ? 0 : Number(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) << 10);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
