using System.Text.Json;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>The evaluation on scenes as people run it; how good the models are, is pinned in Scenes.Tests.</summary>
public sealed class EvaluateTests
{
    [Fact]
    public async Task It_shows_tables_and_writes_figures_page_plot_and_answers()
    {
        using var folder = new TemporaryFolder();

        await using var run = await PipelineProcess.RunAsync(
            folder.Path, "evaluate", "scenes", "--count", "4", "--seed", "9", "--report", "report", "--json", "figures.json");

        run.AssertExit(0);
        Assert.Contains("zoom masked: 4 of 4 scenes", run.Output);
        Assert.Contains("expected calibration error", run.Output);
        Assert.Contains("on 4 held-out scenes", File.ReadAllText(folder["report", "results.md"]));
        Assert.Equal(4, File.ReadAllLines(folder["report", "answers.jsonl"]).Length);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["report", "reliability.png"])[..4]);
        using var figures = JsonDocument.Parse(File.ReadAllText(folder["figures.json"]));
        Assert.Equal(4, figures.RootElement.GetProperty("report").GetProperty("scenes").GetInt32());
        Assert.Equal(4, figures.RootElement.GetProperty("masked").GetProperty("scenes").GetInt32());
        Assert.Equal(9, figures.RootElement.GetProperty("seed").GetInt32());
    }

    [Fact]
    public async Task Version_1_is_asked_with_random_crops_too()
    {
        using var folder = new TemporaryFolder();

        await using var run = await PipelineProcess.RunAsync(
            folder.Path, "evaluate", "scenes", "--model", Path.Combine(Repository.Root, "models", "dragonfly-tiny-v1"), "--count", "3", "--json", "figures.json");

        run.AssertExit(0);
        using var figures = JsonDocument.Parse(File.ReadAllText(folder["figures.json"]));
        Assert.Equal(3, figures.RootElement.GetProperty("randomCrops").GetProperty("scenes").GetInt32());
        Assert.Contains("random crops: 3 of 3 scenes", run.Output);
    }

    [Theory]
    [InlineData("--count: 0 must be 1 to", "--count", "0")]
    [InlineData("--seed: -1 must be 0 to 65,535", "--seed", "-1")]
    [InlineData("'no-model'", "--model", "no-model")]
    [InlineData("--report: '/proc/report' can't be written", "--report", "/proc/report", "--count", "1")]
    public async Task What_can_not_be_is_told_in_a_line(string expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        await using var run = await PipelineProcess.RunAsync(folder.Path, ["evaluate", "scenes", .. arguments]);

        Assert.Contains(run.ExitCode, (int[])[1, 2]);
        Assert.Contains(expected.Replace("'no-model'", "no-model"), Assert.Single(run.ErrorLines));
    }
}
