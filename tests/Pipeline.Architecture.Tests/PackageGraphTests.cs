using System.Text.Json;
using Pipeline.TestServers;

namespace Pipeline.Architecture.Tests;

/// <summary>What each project drags in, over all the packages of its packages: the lock files say it exactly.</summary>
public sealed class PackageGraphTests
{
    private static readonly string[] s_torch = ["TorchSharp", "libtorch"];
    private static readonly string[] s_imaging = ["NetVips"];
    private static readonly string[] s_scheduling = ["Hangfire"];
    private static readonly string[] s_cloud = ["AWSSDK", "Npgsql"];
    private static readonly string[] s_web = ["Microsoft.AspNetCore", "Scalar", "Hangfire.AspNetCore"];

    [Fact]
    public void The_api_stays_thin_no_libtorch_and_no_imaging() => AssertFree("Pipeline.Api", [.. s_torch, .. s_imaging]);

    [Fact]
    public void Jobs_know_no_model_and_no_web_server() => AssertFree("Pipeline.Jobs", [.. s_torch, .. s_imaging, .. s_web]);

    [Fact]
    public void The_model_knows_no_scheduler_no_cloud_and_no_web_server() => AssertFree("Pipeline.Model", [.. s_scheduling, .. s_cloud, .. s_web]);

    [Fact]
    public void The_model_is_no_web_project()
    {
        foreach (var project in (string[])["Pipeline.Model", "Pipeline.Jobs"])
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, project, $"{project}.csproj"));
            Assert.DoesNotContain("Microsoft.NET.Sdk.Web", text);
            Assert.DoesNotContain("Microsoft.AspNetCore.App", text);
        }
    }

    [Fact]
    public void The_lock_files_tell_the_packages_apart()
    {
        Assert.Contains("TorchSharp", PackagesOf("Pipeline.Worker"));
        Assert.Contains("Hangfire.Core", PackagesOf("Pipeline.Api"));
    }

    private static void AssertFree(string project, string[] prefixes) =>
        Assert.DoesNotContain(PackagesOf(project), package => prefixes.Any(prefix => package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));

    private static List<string> PackagesOf(string project)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, project, "packages.lock.json")));
        return [.. json.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Name)];
    }
}
