using System.Text.Json;
using NetVips;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>Images that are not worth an answer, from the command line to the dataset.</summary>
public sealed class SelectionTests
{
    [Fact]
    public async Task Duplicates_and_what_the_filters_leave_out_get_a_row_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["in"]);
        using var picture = Perlin(192, 144, seed: 1);
        using var other = Perlin(192, 144, seed: 2);
        using var blank = Image.Black(192, 144, bands: 3);
        using var strip = Perlin(192, 24, seed: 3);
        using var tiny = picture.Resize(1.0 / 12);
        using var half = picture.Resize(0.5);
        tiny.WriteToFile(folder["in", "0-tiny.png"]);
        picture.WriteToFile(folder["in", "a.png"]);
        half.Jpegsave(folder["in", "b.jpg"], q: 85);
        picture.WriteToFile(folder["in", "c.png"]);
        other.WriteToFile(folder["in", "d.png"]);
        blank.WriteToFile(folder["in", "e.png"]);
        strip.WriteToFile(folder["in", "f.png"]);

        await using var annotate = await PipelineProcess.RunAsync(
            folder.Path, "annotate", "in", "--output", "out", "--max-tokens", "4", "--max-retries", "0", "--shard-size", "2",
            "--min-width", "48", "--min-height", "16", "--max-aspect", "4", "--min-contrast", "2", "--skip-duplicates", "near");

        annotate.AssertExit(0);
        Assert.Equal(
            [
                ["0-tiny.png", "image_too_small", null, null], ["a.png", null, null, null], ["b.jpg", "duplicate_image", "a.png", "near"],
                ["c.png", "duplicate_image", "a.png", "exact"], ["d.png", null, null, null], ["e.png", "image_blank", null, null],
                ["f.png", "aspect_out_of_range", null, null],
            ],
            Dataset.Query(folder["out"], "SELECT id, error_code, duplicate_of, duplicate_kind FROM {0} ORDER BY id"));
        var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(folder["out", "manifest.json"], TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("""{"exact":1,"near":1}""", JsonSerializer.Serialize(manifest.GetProperty("statistics").GetProperty("duplicates")));
        Assert.Contains("within 6 bits: skipped", await File.ReadAllTextAsync(folder["out", "README.md"], TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await using var check = await PipelineProcess.RunAsync(folder.Path, "check", "out");
        check.AssertExit(0);
    }

    [Fact]
    public async Task Options_that_contradict_each_other_or_are_out_of_range_are_told_in_the_words_of_the_command_line()
    {
        using var folder = new TemporaryFolder();
        SmallImages.Draw(folder["in"], 1);

        await using var both = await PipelineProcess.RunAsync(folder.Path, "annotate", "in", "--output", "out", "--mark-duplicates", "exact", "--skip-duplicates", "near");
        await using var range = await PipelineProcess.RunAsync(
            folder.Path, "annotate", "in", "--output", "out", "--mark-duplicates", "near", "--duplicate-bits", "8", "--max-aspect", "0.5");

        both.AssertExit(2);
        Assert.Contains("--mark-duplicates and --skip-duplicates are both given", both.Error, StringComparison.Ordinal);
        range.AssertExit(2);
        Assert.Contains("--max-aspect: 0.5 is out of range", range.Error, StringComparison.Ordinal);
        Assert.Contains("--duplicate-bits: 8 is out of range", range.Error, StringComparison.Ordinal);
    }

    /// <summary>Something to see, the same each time.</summary>
    private static Image Perlin(int width, int height, int seed)
    {
        using var noise = Image.Perlin(width, height, cellSize: 24, uchar: true, seed: seed);
        return noise.Bandjoin(noise, noise).Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
