using System.Formats.Tar;
using System.Text.Json.Serialization;
using NetVips;
using Parquet.Serialization;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;

namespace Pipeline.Worker.Tests.Shards;

/// <summary>Whatever kind of source images come from, the rows that a job's page can show have small pictures beside the commit.</summary>
public sealed class ShardPicturesTests
{
    private const int Count = 9;

    private static readonly JobSpec s_spec = new() { Source = "", Output = "", Model = "", Caption = "Describe" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SourceFormat.Images)]
    [InlineData(SourceFormat.WebDataset)]
    [InlineData(SourceFormat.Parquet)]
    public async Task The_first_annotated_rows_have_pictures_in_their_own_shape(SourceFormat format)
    {
        using var job = await TestJob.CreateOverAsync(s_spec with { Input = new InputSpec { Format = format } }, folder => FillAsync(format, folder));
        await job.RunAsync(new DecodingAnnotator());

        var rows = await job.RowsAsync();
        Assert.Equal(Count, rows.Count(row => row.Failure is null));
        var pictures = await job.PicturesAsync();
        Assert.Equal(rows.Take(ShardPreviews.Annotated).Select(row => row.Id).Order(), pictures.Keys.Order());
        foreach (var (index, row) in rows.Take(ShardPreviews.Annotated).Index())
        {
            using var picture = Image.NewFromBuffer(pictures[row.Id]);
            Assert.Equal((128, 64), (picture.Width, picture.Height));

            // Each image is grey of a brightness of its own.
            Assert.Equal(20 * index, picture.Avg(), 3.0);
        }
    }

    [Fact]
    public async Task Failed_rows_have_pictures_where_they_can_be_decoded()
    {
        using var job = await TestJob.CreateOverAsync(s_spec with { Filters = new FilterSpec { MinHeight = 20 } }, async folder =>
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "a-fine.png"), Grey(40, 30, 90), Token);
            await File.WriteAllBytesAsync(Path.Combine(folder, "b-small.png"), Grey(16, 10, 90), Token);
            await File.WriteAllBytesAsync(Path.Combine(folder, "c-hard.png"), Grey(50, 30, 90), Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "d-text.png"), "no image", Token);
        });
        await job.RunAsync(new DecodingAnnotator(failing: 50));

        Assert.Equal([null, RowFailure.ImageTooSmall, RowFailure.InferenceFailed, RowFailure.NotAnImage], (await job.RowsAsync()).Select(row => row.Failure));
        Assert.Equal(["a-fine.png", "b-small.png", "c-hard.png"], (await job.PicturesAsync()).Keys.Order());
    }

    [Fact]
    public async Task Rows_that_are_made_again_get_pictures_and_the_others_keep_theirs()
    {
        using var job = await TestJob.CreateOverAsync(s_spec, async folder =>
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "a.png"), Grey(40, 30, 90), Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "b.png"), "no image", Token);
        });
        await job.RunAsync(new DecodingAnnotator());
        var before = await job.PicturesAsync();
        Assert.Equal(["a.png"], before.Keys);

        job.BeginRetry("b.png", "");
        await File.WriteAllBytesAsync(Path.Combine(job.SourcePath, "b.png"), Grey(30, 40, 200), Token);
        await job.RunAsync(new DecodingAnnotator());

        var after = await job.PicturesAsync();
        Assert.Equal(["a.png", "b.png"], after.Keys.Order());
        Assert.Equal(before["a.png"], after["a.png"]);
    }

    [Fact]
    public async Task A_shard_whose_pictures_can_not_be_written_is_committed_without()
    {
        using var job = await TestJob.CreateOverAsync(s_spec, folder => FillAsync(SourceFormat.Images, folder));

        // A file where their folder should be.
        await File.WriteAllTextAsync(Path.Combine(job.Spec.Output, OutputLayout.Previews.TrimEnd('/')), "", Token);
        await job.RunAsync(new DecodingAnnotator());

        Assert.Equal((Count, 0), ((await job.CommitAsync())!.Rows, (await job.CommitAsync())!.FailedRows));
        Assert.Empty(Directory.GetDirectories(Path.Combine(job.Spec.Output, "_pipeline"), "previews"));
    }

    private static async Task FillAsync(SourceFormat format, string folder)
    {
        var images = Enumerable.Range(0, Count).Select(index => (Name: $"{index}.png", Bytes: Grey(300, 150, 20 * index))).ToList();
        switch (format)
        {
            case SourceFormat.WebDataset:
                await using (var tar = new TarWriter(File.Create(Path.Combine(folder, "shard-0.tar")), TarEntryFormat.Pax))
                {
                    foreach (var (name, bytes) in images)
                    {
                        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) }, Token);
                    }
                }

                break;
            case SourceFormat.Parquet:
                await using (var file = File.Create(Path.Combine(folder, "train.parquet")))
                {
                    await ParquetSerializer.SerializeAsync(images.Select(image => new HubRow { Image = new HubImage { Path = image.Name, Bytes = image.Bytes } }).ToList(), file, cancellationToken: Token);
                }

                break;
            default:
                images.ForEach(image => File.WriteAllBytes(Path.Combine(folder, image.Name), image.Bytes));
                break;
        }
    }

    private static byte[] Grey(int width, int height, int brightness)
    {
        using var black = Image.Black(width, height, bands: 3);
        using var grey = black.Linear([1.0, 1.0, 1.0], [brightness, brightness, brightness], uchar: true);
        return grey.PngsaveBuffer();
    }

    /// <summary>As Hugging Face's datasets have it.</summary>
    private sealed class HubRow
    {
        [JsonPropertyName("image")]
        public HubImage? Image { get; set; }
    }

    private sealed class HubImage
    {
        [JsonPropertyName("bytes")]
        public byte[]? Bytes { get; set; }

        [JsonPropertyName("path")]
        public string? Path { get; set; }
    }
}
