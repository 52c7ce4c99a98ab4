using Pipeline.Cli.Samples;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_needs_nothing_and_ends_well_and_can_be_run_again()
    {
        using var folder = new TemporaryFolder();

        await using var first = await PipelineProcess.RunAsync(folder.Path, "demo");
        await using var second = await PipelineProcess.RunAsync(folder.Path, "demo");

        first.AssertExit(0);
        second.AssertExit(0);
        Assert.Empty(first.Error);
        AssertRight(first.Output);
        Assert.Contains("24 images: 24 annotated, 0 failed", first.Output);
        Assert.Contains(SampleImages.All[0].File[..12], first.Output);
        var dataset = folder["out", "demo", "dataset"];
        Assert.Contains($"The dataset is in {dataset}", first.Output);
        Assert.Equal(
            [[24L, 24L, 24L]],
            Dataset.Query(dataset, "SELECT count(*), count(DISTINCT id), count(*) FILTER (caption IS NOT NULL AND len(labels) = 4) FROM {0}"));
        Assert.True(File.Exists(Path.Combine(dataset, "_SUCCESS")));
    }

    // The model that ships sees what was drawn: nearly all answers are right.
    private static void AssertRight(string output)
    {
        var line = output.Split('\n').Single(line => line.StartsWith("Right on all images: ", StringComparison.Ordinal));
        foreach (var part in line["Right on all images: ".Length..].TrimEnd('.', '\r').Split(", "))
        {
            var words = part.Split(' ');
            Assert.True(int.Parse(words[1]) >= 0.75 * int.Parse(words[3]), part);
        }
    }

    [Fact]
    public async Task A_kept_demo_serves_its_dashboard_until_it_is_stopped()
    {
        using var folder = new TemporaryFolder();
        await using var demo = PipelineProcess.Start(folder.Path, [], "demo", "--keep");
        await demo.UntilAsync(() => demo.Output.Contains("until Ctrl-C"));
        var address = demo.Output.Split('\n').Single(line => line.Contains("run in this process")).Split(' ')[^1];

        using var http = new HttpClient();
        var page = await http.GetStringAsync($"{address}hangfire/annotation-jobs", TestContext.Current.CancellationToken);
        Assert.Contains("completed", page);

        demo.Interrupt();
        await demo.WaitAsync();
        demo.AssertExit(0);
    }

    [Fact]
    public async Task The_demo_leaves_a_folder_of_somebody_else_alone()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["images"]);
        File.WriteAllText(folder["images", "mine.txt"], "mine");

        await using var demo = await PipelineProcess.RunAsync(folder.Path, "demo", "--output", folder.Path);

        demo.AssertExit(2);
        Assert.Contains("no demo made", Assert.Single(demo.ErrorLines));
        Assert.Equal("mine", File.ReadAllText(folder["images", "mine.txt"]));
    }
}
