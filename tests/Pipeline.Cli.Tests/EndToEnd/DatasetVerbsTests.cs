using System.Formats.Tar;
using System.Text.Json;
using NetVips;
using Pipeline.Cli.Tests.Processes;

namespace Pipeline.Cli.Tests.EndToEnd;

/// <summary>One dataset, read by the verbs that read datasets.</summary>
public sealed class DatasetVerbsTests(DatasetVerbsTests.AnnotatedFolder annotated) : IClassFixture<DatasetVerbsTests.AnnotatedFolder>
{
    private const string Evil = "<img src=x onerror=alert(1)>.png";

    [Fact]
    public async Task Inspect_shows_counts_answers_rows_and_failures()
    {
        await using var inspect = await PipelineProcess.RunAsync(annotated.Path, "inspect", "out");

        inspect.AssertExit(0);
        Assert.Contains("4: 3 annotated, 1 failed", inspect.Output);
        Assert.Contains("not_an_image", inspect.Output);
        Assert.Contains("caption, tokens", inspect.Output);
        Assert.Contains("q1", inspect.Output);
        Assert.Contains("001.png", inspect.Output);
    }

    [Fact]
    public async Task Inspect_writes_a_page_in_which_names_and_prompts_are_text()
    {
        await using var inspect = await PipelineProcess.RunAsync(annotated.Path, "inspect", "out", "--html", "page.html");

        inspect.AssertExit(0);
        var page = await File.ReadAllTextAsync(annotated["page.html"], TestContext.Current.CancellationToken);
        Assert.Equal(3, page.Split("src=\"data:image/jpeg;base64,").Length - 1);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;.png", page);
        Assert.DoesNotContain("<img src=x", page);
        Assert.DoesNotContain("<b>red", page);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("<script", page);
    }

    [Fact]
    public async Task The_card_is_written_with_thumbnails()
    {
        var card = await File.ReadAllTextAsync(annotated["out", "README.md"], TestContext.Current.CancellationToken);

        Assert.Contains("num_examples: 4\n", card);
        Assert.Contains("```text\nIs it <b>red</b>?\n```", card);
        Assert.DoesNotContain("<img", card);
        using var thumbnail = Image.NewFromFile(annotated["out", "samples", "0.jpg"]);
        Assert.Equal((48, 36), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public async Task Export_writes_conversations()
    {
        await using var export = await PipelineProcess.RunAsync(annotated.Path, "export", "out", "--format", "llava", "--to", "llava", "--keep-defects");

        export.AssertExit(0);
        var lines = await File.ReadAllLinesAsync(annotated["llava", "train.jsonl"], TestContext.Current.CancellationToken);
        Assert.Equal(3, lines.Length);
        var captions = Dataset.Query(annotated["out"], "SELECT id, caption, labels[1].answer FROM {0} WHERE status = 'ok' ORDER BY id");
        foreach (var (line, row) in lines.Zip(captions))
        {
            var json = JsonDocument.Parse(line).RootElement;
            Assert.Equal(row[0], json.GetProperty("image").GetString());
            var turns = json.GetProperty("conversations").EnumerateArray().Select(turn => (turn.GetProperty("from").GetString(), turn.GetProperty("value").GetString())).ToList();
            Assert.Equal(
                [("human", "<image>\nDescribe"), ("gpt", ((string)row[1]!).Trim()), ("human", "Is it <b>red</b>?"), ("gpt", (string)row[2]!)],
                turns);
        }
    }

    [Fact]
    public async Task Export_writes_tar_shards_with_the_images_themselves()
    {
        await using var export = await PipelineProcess.RunAsync(annotated.Path, "export", "out", "--format", "webdataset", "--to", "wds", "--keep-defects");

        export.AssertExit(0);
        var entries = new Dictionary<string, byte[]>();
        await using var file = File.OpenRead(annotated["wds", "train-000000.tar"]);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            using var content = new MemoryStream();
            await (entry.DataStream?.CopyToAsync(content, TestContext.Current.CancellationToken) ?? Task.CompletedTask);
            entries.Add(entry.Name, content.ToArray());
        }

        string[] expected = [.. Enumerable.Range(0, 3).SelectMany(i => new[] { $"{i:d9}.json", $"{i:d9}.png", $"{i:d9}.txt" })];
        Assert.Equal(expected, entries.Keys.Order(StringComparer.Ordinal));
        for (var i = 0; i < 3; i++)
        {
            var id = JsonDocument.Parse(entries[$"{i:d9}.json"]).RootElement.GetProperty("id").GetString()!;
            Assert.Equal(await File.ReadAllBytesAsync(annotated["in", id], TestContext.Current.CancellationToken), entries[$"{i:d9}.png"]);
        }
    }

    [Fact]
    public async Task Export_refuses_a_folder_that_is_not_empty_and_inspect_one_without_a_dataset()
    {
        await using var export = await PipelineProcess.RunAsync(annotated.Path, "export", "out", "--format", "llava", "--to", "in");
        await using var inspect = await PipelineProcess.RunAsync(annotated.Path, "inspect", "in");

        export.AssertExit(2);
        Assert.Contains("'in' is not empty", export.Error);
        inspect.AssertExit(1);
        Assert.Contains("holds no finished dataset", inspect.Error);
    }

    /// <summary>Three images, one of them with a name that is HTML, and a file that is none.</summary>
    public sealed class AnnotatedFolder : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public string Path => _folder.Path;

        public string this[params string[] path] => _folder[path];

        public async ValueTask InitializeAsync()
        {
            SmallImages.Draw(_folder["in"], 3);
            File.Move(_folder["in", "000.png"], _folder["in", Evil]);
            await File.WriteAllTextAsync(_folder["in", "text.jpg"], "no image");
            await using var annotate = await PipelineProcess.RunAsync(
                Path, "annotate", "in", "--output", "out", "--caption", "Describe", "--question", "Is it <b>red</b>? [yes-no]", "--max-tokens", "4");
            annotate.AssertExit(0);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
