using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class ImageFilterTests
{
    private static readonly JobSpec s_spec = new() { Source = "", Output = "", Model = "", Caption = "Describe" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 50, 30.0, null)]
    [InlineData(99, 50, 30.0, RowFailure.ImageTooSmall)]
    [InlineData(100, 49, 30.0, RowFailure.ImageTooSmall)]
    [InlineData(400, 100, 30.0, null)]
    [InlineData(401, 100, 30.0, RowFailure.AspectOutOfRange)]
    [InlineData(100, 401, 30.0, RowFailure.AspectOutOfRange)]
    [InlineData(100, 50, 2.0, null)]
    [InlineData(100, 50, 1.9, RowFailure.ImageBlank)]
    public void Images_are_left_out_with_the_reason(int width, int height, double contrast, RowFailure? expected)
    {
        var filter = new ImageFilter(s_spec with { Filters = new FilterSpec { MinWidth = 100, MinHeight = 50, MaxAspect = 4, MinContrast = 2 } });

        var work = filter.Apply(Decoded(width, height, contrast));

        Assert.Equal(expected, work.Failure);
        Assert.Equal(expected is null, work.FailureMessage is null);
        Assert.Equal(expected is null, work.Embedded is not null);
        Assert.Equal(width, work.Facts?.Width);
    }

    [Fact]
    public void Without_filters_everything_passes() => Assert.Null(new ImageFilter(s_spec).Apply(Decoded(1, 1_000, 0)).Failure);

    [Fact]
    public async Task The_model_never_sees_what_is_left_out()
    {
        using var job = await TestJob.CreateAsync(s_spec with { Filters = new FilterSpec { MinWidth = 41 } }, ("a.jpg", "fine"));
        var model = new FakeAnnotator();

        await job.RunAsync(model);

        var row = Assert.Single(await job.RowsAsync());
        Assert.Equal((RowFailure.ImageTooSmall, 40), (row.Failure, row.Width));
        Assert.Empty(model.Answered);
    }

    [Fact]
    public async Task Duplicates_of_other_shards_are_skipped_whichever_shard_is_made_first()
    {
        var spec = s_spec with { Duplicates = new DuplicateSpec { Action = DuplicateAction.Skip }, ShardSize = 1 };
        using var job = await TestJob.CreateAsync(spec, ("a.jpg", "fine"), ("b.jpg", "fine"), ("c.jpg", "other"), ("d.jpg", "decode: Truncated"), ("e.jpg", "decode: Truncated"));
        var model = new FakeAnnotator();

        foreach (var shard in (int[])[1, 4, 0, 3, 2])
        {
            await job.RunAsync(model, shard);
        }

        Assert.Equal(["fine", "other"], model.Answered.Order());
        var rows = await AllRowsAsync(job);
        Assert.Equal([null, RowFailure.DuplicateImage, null, RowFailure.TruncatedImage, RowFailure.TruncatedImage], rows.Select(row => row.Failure));
        Assert.Equal([null, new Duplicate("a.jpg", DuplicateKind.Exact), null, null, new Duplicate("d.jpg", DuplicateKind.Exact)], rows.Select(row => row.Duplicate));
        Assert.Equal("It has the same bytes as 'a.jpg'.", rows[1].FailureMessage);
        Assert.Equal((rows[0].Sha256, rows[0].PerceptualHash), (rows[1].Sha256, rows[1].PerceptualHash));
    }

    [Fact]
    public async Task Marked_duplicates_are_annotated()
    {
        using var job = await TestJob.CreateAsync(s_spec with { Duplicates = new DuplicateSpec() }, ("a.jpg", "fine"), ("b.jpg", "fine"));

        await job.RunAsync(new FakeAnnotator());

        var rows = await job.RowsAsync();
        Assert.Equal(["Describe fine", "Describe fine"], rows.Select(row => row.Caption?.Text));
        Assert.Equal([null, new Duplicate("a.jpg", DuplicateKind.Exact)], rows.Select(row => row.Duplicate));
    }

    [Fact]
    public async Task A_new_plan_of_the_same_source_names_the_same_duplicates()
    {
        (string, string)[] images = [.. Enumerable.Range(0, 50).Select(i => ($"{i:d2}.jpg", $"text {i % 7}"))];
        using var one = await TestJob.CreateAsync(s_spec with { Duplicates = new DuplicateSpec(), ShardSize = 50 }, images);
        using var other = await TestJob.CreateAsync(s_spec with { Duplicates = new DuplicateSpec(), ShardSize = 8 }, images);

        Assert.Equal(await DuplicatesAsync(one), await DuplicatesAsync(other));
        Assert.Equal(43, (await DuplicatesAsync(one)).Count(duplicate => duplicate is not null));
    }

    private static async Task<List<Duplicate?>> DuplicatesAsync(TestJob job)
    {
        List<Duplicate?> duplicates = [];
        foreach (var shard in job.Plan.Shards)
        {
            duplicates.AddRange((await new PlanReader(job.Output).ReadShardAsync(shard, Stop)).Select(image => image.Duplicate));
        }

        return duplicates;
    }

    private static async Task<List<AnnotationRow>> AllRowsAsync(TestJob job)
    {
        List<AnnotationRow> rows = [];
        foreach (var shard in job.Plan.Shards)
        {
            rows.AddRange(await job.RowsAsync(shard.Index));
        }

        return rows;
    }

    private static ImageWork Decoded(int width, int height, double contrast) => new(new PlannedImage("a.jpg", "file:///a.jpg", 1, ""))
    {
        Embedded = new byte[1],
        Facts = new ImageFacts(width, height, "jpeg"),
        Look = new ImageLook(0, contrast),
    };
}
