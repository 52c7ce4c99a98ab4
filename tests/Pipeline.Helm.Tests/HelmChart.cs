using System.Diagnostics;
using Pipeline.TestServers;

[assembly: AssemblyFixture(typeof(Pipeline.Helm.Tests.HelmChart))]

namespace Pipeline.Helm.Tests;

/// <summary>The chart, rendered by Helm's own template language and functions (<c>Renderer/main.go</c>), since Helm itself is not a package of Debian's.</summary>
public sealed class HelmChart
{
    public const string Release = "labels";
    public const string Namespace = "pipeline";

    private readonly Lazy<string> _renderer = new(Build);

    public static string Folder { get; } = Path.Combine(Repository.Root, "helm");

    /// <summary>What the chart makes of these values on top of its own.</summary>
    /// <exception cref="InvalidOperationException">The schema or a template refuses them; the message says what Helm would say.</exception>
    public Manifests Render(string values)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, values);
            var (exitCode, output, errors) = Run(_renderer.Value, [Folder, Release, Namespace, file], []);
            return exitCode == 0 ? new Manifests(output) : throw new InvalidOperationException(errors);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Build()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "helm-renderer")).FullName;
        var program = Path.Combine(folder, "renderer");
        var source = Path.Combine(Repository.Root, "tests", "Pipeline.Helm.Tests", "Renderer", "main.go");
        if (File.GetLastWriteTimeUtc(program) > File.GetLastWriteTimeUtc(source))
        {
            return program;
        }

        var (exitCode, output, errors) = Run("go", ["build", "-o", program, source], new()
        {
            // Debian's packages of Go libraries lie there, and nothing is fetched.
            ["GO111MODULE"] = "off",
            ["GOPATH"] = "/usr/share/gocode",
            ["GOCACHE"] = Path.Combine(folder, "cache"),
        });
        return exitCode == 0 ? program : throw new InvalidOperationException($"go build: {output}{errors}");
    }

    private static (int ExitCode, string Output, string Errors) Run(string program, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        string? errors = null;
        var reader = new Thread(() => errors = process.StandardError.ReadToEnd());
        reader.Start();
        var output = process.StandardOutput.ReadToEnd();
        reader.Join();
        process.WaitForExit();
        return (process.ExitCode, output, errors!);
    }
}
