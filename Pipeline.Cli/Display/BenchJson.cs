using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Model.Benchmarking;

namespace Pipeline.Cli.Display;

/// <summary>All measured values of a benchmark, for programs.</summary>
internal static class BenchJson
{
    public static string Write(EngineBenchmarkReport report) => JsonSerializer.Serialize(report, BenchJsonContext.Default.EngineBenchmarkReport) + "\n";
}

/// <summary>Generated, so that a trimmed program writes the same. A stage that never ran has no rate: hence the named literals.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EngineBenchmarkReport))]
internal sealed partial class BenchJsonContext : JsonSerializerContext;
