using System.Diagnostics;
using System.Text.Json;
using Pipeline.TestServers;

namespace Pipeline.Architecture.Tests;

/// <summary>What <c>tools/sbom.mjs</c> writes is all that the programs' lock files name.</summary>
public sealed class BillOfMaterialsTests
{
    private static readonly string[] s_programs = ["Pipeline.Api", "Pipeline.Worker", "Pipeline.Cli"];

    [Fact]
    public async Task Every_package_of_every_program_is_in_it_with_its_hash_and_what_it_needs()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sbom-{Guid.NewGuid():n}.json");
        using var made = Process.Start("node", [Path.Combine(Repository.Root, "tools", "sbom.mjs"), file]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, made.ExitCode);
        using var bom = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        File.Delete(file);

        var components = bom.RootElement.GetProperty("components").EnumerateArray().ToDictionary(component => component.GetProperty("purl").GetString()!);
        var graph = bom.RootElement.GetProperty("dependencies").EnumerateArray().ToDictionary(
            entry => entry.GetProperty("ref").GetString()!, entry => entry.GetProperty("dependsOn").EnumerateArray().Select(needed => needed.GetString()!).ToList());
        var shipped = s_programs.SelectMany(PackagesOf).ToHashSet();

        Assert.Equal("CycloneDX", bom.RootElement.GetProperty("bomFormat").GetString());
        Assert.Equal(shipped.Order(), components.Keys.Order());
        Assert.All(components.Values, component => Assert.Equal(128, component.GetProperty("hashes")[0].GetProperty("content").GetString()!.Length));
        Assert.Equal(components.Keys.Concat(s_programs).Append("dragonfly-pipeline").Order(), graph.Keys.Order());
        Assert.All(graph.Values.SelectMany(needed => needed), needed => Assert.Contains(needed, graph.Keys));
        Assert.Contains(graph["Pipeline.Worker"], needed => needed.StartsWith("pkg:nuget/NetVips@", StringComparison.Ordinal));
    }

    private static IEnumerable<string> PackagesOf(string program)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, program, "packages.lock.json")));
        return [.. locked.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
            .Where(entry => entry.Value.GetProperty("type").GetString() != "Project")
            .Select(entry => $"pkg:nuget/{entry.Name}@{entry.Value.GetProperty("resolved").GetString()}")];
    }
}
