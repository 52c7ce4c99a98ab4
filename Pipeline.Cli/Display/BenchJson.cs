using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Model.Benchmarking;

namespace Pipeline.Cli.Display;

/// <summary>All measured values of a benchmark, for programs.</summary>
internal static class BenchJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,

        // A stage that never ran has no rate.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write(EngineBenchmarkReport report) => JsonSerializer.Serialize(report, s_options) + "\n";
}
