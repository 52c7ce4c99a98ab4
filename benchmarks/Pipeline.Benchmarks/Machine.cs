using System.Runtime.InteropServices;

namespace Pipeline.Benchmarks;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    /// <summary>Processes that ran or waited over the last minute; includes the benchmark itself, once it runs.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    public static string Describe()
    {
        var lines = File.ReadAllLines("/proc/cpuinfo");
        var flags = Field(lines, "flags").Split(' ').Where(flag => flag.StartsWith("avx", StringComparison.Ordinal));
        var cores = lines.Count(line => line.StartsWith("processor", StringComparison.Ordinal));
        var libvips = string.Join('.', Enumerable.Range(0, 3).Select(part => NetVips.NetVips.Version(part)));
        return $"""
            - {Field(lines, "model name")}, {cores} cores, {Field(lines, "cpu MHz")} MHz, cache {Field(lines, "cache size")}
            - Instruction sets: {string.Join(' ', flags)}
            - {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, libvips {libvips}
            """;
    }

    private static string Field(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
