using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pipeline.TestServers;

namespace Pipeline.Helm.Tests;

/// <summary>The Dockerfiles and compose files, as far as they can be judged without an engine: pinned, and what the chart takes them for.</summary>
public sealed partial class ImagesTests(HelmChart chart)
{
    [Theory]
    [InlineData("containers/api.Dockerfile")]
    [InlineData("containers/worker.Dockerfile")]
    public void Bases_are_pinned_by_version(string file)
    {
        var text = Read(file);
        var bases = Regex.Matches(text, "^ARG (?:SDK|RUNTIME)=(.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, bases.Count);
        Assert.All(bases, name => Assert.Matches(Version(), name));
        Assert.All(Regex.Matches(text, "^FROM ([^ \n]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value), name => Assert.StartsWith("${", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Other_peoples_images_are_pinned_by_version()
    {
        var images = ImageLine().Matches(Read("compose.yaml") + Read("helm/values.yaml")).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(5, images.Count);
        Assert.All(images, image => Assert.Matches(Version(), image));
    }

    [Fact]
    public void User_port_and_health_check_are_those_of_the_chart()
    {
        var manifests = chart.Render(SampleValues.Least);
        foreach (var (file, deployment) in new[] { ("containers/api.Dockerfile", manifests.Api), ("containers/worker.Dockerfile", manifests.Worker) })
        {
            var (text, pod) = (Read(file), deployment.Spec.Template.Spec);
            Assert.Contains($"\nUSER {pod.SecurityContext.RunAsUser}:{pod.SecurityContext.RunAsGroup}\n", text, StringComparison.Ordinal);
            Assert.Contains($"\nEXPOSE {pod.Containers[0].Ports[0].ContainerPort}\n", text, StringComparison.Ordinal);
            Assert.Contains($"CMD [\"answers\", \"8080\", \"{pod.Containers[0].ReadinessProbe.HttpGet.Path}\"]", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Pipeline.Api")]
    [InlineData("Pipeline.Worker")]
    public void All_that_an_image_is_built_from_gets_into_its_context(string project)
    {
        var allowed = File.ReadLines(Path.Combine(Repository.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        foreach (var folder in FoldersOf(project).Distinct())
        {
            Assert.Contains(folder, allowed);
        }

        Assert.All(allowed, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        Assert.All(Directory.EnumerateFiles(Repository.Root, "Directory.*.props").Select(Path.GetFileName), file => Assert.Contains(file, allowed));
    }

    /// <summary>A project, those that it refers to, and those that it takes sources of.</summary>
    private static IEnumerable<string> FoldersOf(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, project, $"{project}.csproj"));
        var includes = file.Descendants().Where(element => element.Name.LocalName is "ProjectReference" or "Compile").SelectMany(element => element.Attribute("Include")!.Value.Split(';'));
        var others = includes.Where(path => path.StartsWith("../", StringComparison.Ordinal)).Select(path => path.Split('/')[1]).Distinct();
        return others.SelectMany(FoldersOf).Prepend(project);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@":[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z]+)?$")]
    private static partial Regex Version();

    [GeneratedRegex(@"^\s+image: ((?!dragonfly-)\S+)$", RegexOptions.Multiline)]
    private static partial Regex ImageLine();
}
