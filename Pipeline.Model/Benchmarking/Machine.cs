using System.Runtime.InteropServices;

namespace Pipeline.Model.Benchmarking;

/// <summary>What figures were taken on.</summary>
public static class Machine
{
    /// <summary>Processes that ran or waited over the last minute; includes the benchmark itself, once it runs.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>A Markdown list: processor, its instruction sets, system and libraries.</summary>
    public static string Describe()
    {
        string[] lines = File.ReadAllLines("/proc/cpuinfo");
        IEnumerable<string> flags = Field(lines, "flags").Split(' ').Where(flag => flag.StartsWith("avx", StringComparison.Ordinal));
        int cores = lines.Count(line => line.StartsWith("processor", StringComparison.Ordinal));
        string libvips = string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
        return $"""
            - {Field(lines, "model name")}, {cores} cores, {Field(lines, "cpu MHz")} MHz, cache {Field(lines, "cache size")}
            - Instruction sets: {string.Join(' ', flags)}
            - {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, libvips {libvips}
            """;
    }

    private static string Field(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
