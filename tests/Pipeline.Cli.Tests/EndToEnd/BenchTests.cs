using System.Text.Json;
using Pipeline.Cli.Tests.Processes;
using Pipeline.TestServers;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>The engine's benchmark as people run it; its figures are not looked at.</summary>
public sealed class BenchTests
{
    private static string Model { get; } = Path.Combine(Repository.Root, "models", "dragonfly-tiny-v2");

    [Fact]
    public async Task It_shows_tables_and_writes_a_page_and_json()
    {
        using var folder = new TemporaryFolder();
        SmallImages.DrawJpegs(folder["in"], 2);

        await using var bench = await PipelineProcess.RunAsync(
            folder.Path, "bench", "engine", Model, "--images", "in", "--repetitions", "1", "--images-per-repetition", "2",
            "--markdown", "page.md", "--json", "values.json");

        bench.AssertExit(0);
        Assert.Contains("image counted once", bench.Output);
        var page = File.ReadAllText(folder["page.md"]);
        Assert.Contains("./pipeline bench engine dragonfly-tiny-v2 --images in --repetitions 1", page);
        Assert.DoesNotContain(Repository.Root, page);
        foreach (var workload in (string[])["caption", "questions", "mixed"])
        {
            Assert.Equal(7, page.Split('\n').Count(line => line.StartsWith($"| {workload} |", StringComparison.Ordinal)));
        }

        using var values = JsonDocument.Parse(File.ReadAllText(folder["values.json"]));
        var results = values.RootElement.GetProperty("results");
        Assert.Equal(3, results.GetArrayLength());
        Assert.Equal(2, results[0].GetProperty("repetitions")[0].GetProperty("images").GetInt32());
    }

    [Fact]
    public async Task All_faults_of_the_command_line_are_told_at_once()
    {
        using var folder = new TemporaryFolder();

        await using var bench = await PipelineProcess.RunAsync(
            folder.Path, "bench", "engine", "no-model", "--images", "no-images", "--prompts", "no-prompts.json", "--json", "no-folder/values.json");

        bench.AssertExit(2);
        Assert.Equal(4, bench.ErrorLines.Count);
        foreach (var (option, value) in ((string, string)[])
            [("CONFIG", "no-model"), ("--images", "no-images"), ("--prompts", "no-prompts.json"), ("--json", "no-folder/values.json")])
        {
            Assert.Contains(bench.ErrorLines, line => line.StartsWith($"pipeline: {option}: '{value}'", StringComparison.Ordinal));
        }

        Assert.Empty(bench.Output);
    }

    [Fact]
    public async Task A_folder_without_jpegs_is_named()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);

        await using var bench = await PipelineProcess.RunAsync(folder.Path, "bench", "engine", Model, "--images", "in");

        bench.AssertExit(2);
        Assert.Contains("'in' holds no *.jpg", Assert.Single(bench.ErrorLines));
    }

    [Fact]
    public async Task A_config_that_is_no_Dragonfly_is_told_what_it_lacks()
    {
        using var folder = new TemporaryFolder();
        SmallImages.DrawJpegs(folder["in"], 1);
        Directory.CreateDirectory(folder["model"]);
        File.WriteAllText(folder["model", "config.json"], """{"model_type": "llava"}""");

        await using var bench = await PipelineProcess.RunAsync(folder.Path, "bench", "engine", "model", "--images", "in");

        bench.AssertExit(2);
        Assert.Contains("llava", Assert.Single(bench.ErrorLines));
    }

    [Theory]
    [InlineData("--workload", "video", "caption")]
    [InlineData("--repetitions", "0", "1 or more")]
    [InlineData("--max-num-seqs", "-3", "1 or more")]
    public async Task A_value_out_of_range_is_told_with_what_is_allowed(string option, string value, string allowed)
    {
        using var folder = new TemporaryFolder();

        await using var bench = await PipelineProcess.RunAsync(folder.Path, "bench", "engine", Model, "--images", "in", option, value);

        bench.AssertExit(2);
        Assert.Contains(value, bench.Error);
        Assert.Contains(allowed, bench.Error);
    }
}
