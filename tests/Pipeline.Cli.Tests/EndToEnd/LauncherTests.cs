using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>The <c>pipeline</c> script in the root of a checkout.</summary>
public sealed class LauncherTests
{
    private static readonly string s_launcher = Path.Combine(Repository.Root, "pipeline");

    [Fact]
    public async Task It_works_from_any_folder_and_through_a_link_and_passes_everything_on()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["link"], s_launcher);

        await using var help = PipelineProcess.Start(folder.Path, [], folder["link"], ["annotate", "--help"]);
        await help.WaitAsync();
        help.AssertExit(0);
        Assert.Contains("--questions", help.Output);

        await using var refused = PipelineProcess.Start(folder.Path, [], s_launcher, ["annotate", "two words", "--output", "a b"]);
        await refused.WaitAsync();
        refused.AssertExit(2);
        Assert.Contains($"{folder["two words"]}'", refused.Error);
    }

    [Fact]
    public async Task Without_dotnet_it_says_what_to_install()
    {
        using var folder = new TemporaryFolder();
        foreach (var tool in (string[])["bash", "dirname", "readlink", "find", "flock", "touch", "mkdir", "mv", "cat", "env"])
        {
            var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(part => Path.Combine(part, tool)).First(File.Exists);
            File.CreateSymbolicLink(folder[tool], path);
        }

        await using var help = PipelineProcess.Start(folder.Path, new() { ["PATH"] = folder.Path }, s_launcher, ["--help"]);
        await help.WaitAsync();

        help.AssertExit(1);
        Assert.Contains(".NET 10 SDK", Assert.Single(help.ErrorLines));
    }
}
