using System.Xml.Linq;
using Pipeline.TestServers;

namespace Pipeline.Architecture.Tests;

/// <summary>The arrows between the projects, as docs/architecture.md draws them.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Pipeline.Model"] = [],
        ["Pipeline.Jobs"] = [],
        ["Pipeline.Evaluation"] = [],
        ["Pipeline.Api"] = ["Pipeline.Jobs"],
        ["Pipeline.Worker"] = ["Pipeline.Jobs", "Pipeline.Model"],
        ["Pipeline.Cli"] = ["Pipeline.Api", "Pipeline.Evaluation", "Pipeline.Jobs", "Pipeline.Model", "Pipeline.Worker", "Scenes"],
    };

    public static TheoryData<string> Projects => [.. s_allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_exactly_what_the_architecture_says(string project) =>
        Assert.Equal(s_allowed[project], ReferencesOf(project).Order());

    [Fact]
    public void Every_product_project_has_its_line_here() =>
        Assert.Equal(
            s_allowed.Keys.Order(),
            Directory.EnumerateDirectories(Repository.Root, "Pipeline.*")
                .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
                .Select(Path.GetFileName)
                .Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_has_tests(string project) =>
        Assert.True(File.Exists(Path.Combine(Repository.Root, "tests", $"{project}.Tests", $"{project}.Tests.csproj")));

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project, $"{project}.csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
}
