using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Pipeline.Worker.Hosting;

namespace Pipeline.Worker.Devices;

/// <summary>How the worker of another device is started, with this process's settings.</summary>
internal static class DeviceProcess
{
    /// <summary>Sections whose values it takes over, whether they came from the environment or the command line. They go by its environment: some are secret.</summary>
    private static readonly string[] s_sections = ["Storage", "ConnectionStrings", "PrepareSchema", "S3", "Worker", "Engine", "Scheduling", "Places", "Auth", "Logging"];

    public static ProcessStartInfo StartInfo(DevicePlan plan, IConfiguration configuration)
    {
        var (host, program) = WorkerBinary.Find();
        var start = new ProcessStartInfo(host, [.. program, "--urls", plan.Urls, $"--{ParentWatch.Key}", "stdin"]) { RedirectStandardInput = true };
        foreach (var (key, value) in configuration.AsEnumerable().Where(setting => setting.Value is not null && s_sections.Contains(setting.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase)))
        {
            start.Environment[NameOf(key)] = value;
        }

        start.Environment[NameOf($"{WorkerServices.EngineSection}:Device")] = plan.OwnDevice;
        if (plan.Visible is { } card)
        {
            start.Environment[DeviceFleet.Visible] = card;
        }

        return start;
    }

    private static string NameOf(string key) => $"PIPELINE_{key.ToUpperInvariant().Replace(":", "__", StringComparison.Ordinal)}";
}
