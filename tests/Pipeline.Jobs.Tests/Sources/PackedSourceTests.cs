using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Sources;

/// <summary>Images inside tar and Parquet files, and images told by their content.</summary>
public sealed class PackedSourceTests(SharedCephS3 shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_of_tar_shards_are_rows_with_their_texts_as_columns(bool isS3)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        var filler = new string('x', 300_000);
        await bench.AddAsync("shard-0.tar", await SourceBench.TarAsync(
            ("0001.jpg", "first" + filler), ("0001.json", """{"city":"Rome","n":1}"""), ("0001.txt", "a hill\n"),
            ("0002.left.png", "second"), ("0002.right.png", "third"), ("0002.txt", "a lake"), ("0002.json", """{"city":"Bern"}""")));
        await bench.AddAsync("shard-1.tar", await SourceBench.TarAsync(("sub/0001.webp", "fourth"), ("sub/0001.json", "{"), ("readme.md", "no image")));
        var spec = bench.Spec(input: new InputSpec { Format = SourceFormat.WebDataset }) with { Caption = "{txt} in {city}" };

        var rows = await bench.PlanAsync(spec);

        Assert.Equal(
            ["shard-0.tar/0001.jpg", "shard-0.tar/0002.left.png", "shard-0.tar/0002.right.png", "shard-1.tar#sub/0001.webp"], rows.Select(row => row.Key));
        Assert.Equal(["first" + filler, "second", "third"], await Task.WhenAll(rows.Take(3).Select(row => bench.ReadAsync(spec, row))));
        Assert.Equal("a hill in Rome", RowPrompts.Resolve(spec, rows[0]).Caption);
        Assert.Equal("a lake in Bern", RowPrompts.Resolve(spec, rows[2]).Caption);
        Assert.Contains("'sub/0001.json' is no JSON object", rows[3].Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_of_a_hugging_face_dataset_are_read_from_its_parquet_files(bool isS3)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        await bench.AddAsync("data/train-00000-of-00002.parquet", await SourceBench.HuggingFaceAsync(5));
        await bench.AddAsync("data/train-00001-of-00002.parquet", await SourceBench.HuggingFaceAsync(1));
        await bench.AddAsync("README.md", "card");
        var spec = bench.Spec(input: new InputSpec { Format = SourceFormat.Parquet }) with { Caption = "Is it {label}?" };

        var rows = await bench.PlanAsync(spec);

        Assert.Equal(6, rows.Count);
        Assert.All(rows, row => Assert.Null(row.Fault));
        Assert.Equal("data/train-00000-of-00002.parquet#4", rows[4].Key);
        Assert.EndsWith("/data/train-00000-of-00002.parquet#4", rows[4].Uri, StringComparison.Ordinal);
        Assert.Equal("Is it 1?", RowPrompts.Resolve(spec, rows[4]).Caption);
        Assert.Equal(["image 0", "image 1", "image 2"], await Task.WhenAll(rows.Take(3).Select(row => bench.ReadAsync(spec, row))));
        Assert.Equal("image 4", await bench.ReadAsync(spec, rows[4]));
        var empty = await Assert.ThrowsAsync<ObjectStoreException>(() => bench.ReadAsync(spec, rows[3]));
        Assert.Equal(ObjectStoreFault.NotFound, empty.Fault);
        Assert.Contains("has no image", empty.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "x.tar")]
    [InlineData(true, "x.tar")]
    [InlineData(false, "x.parquet")]
    [InlineData(true, "x.parquet")]
    public async Task A_file_that_was_changed_since_it_was_planned_is_refused(bool isS3, string name)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        await bench.AddAsync(name, name == "x.tar" ? await SourceBench.TarAsync(("a.jpg", "first")) : await SourceBench.HuggingFaceAsync(1));
        var spec = bench.Spec(name);
        var row = Assert.Single(await bench.PlanAsync(spec));

        await bench.AddAsync(name, name == "x.tar" ? await SourceBench.TarAsync(("b.jpg", "other one"), ("a.jpg", "first")) : await SourceBench.HuggingFaceAsync(2));

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => bench.ReadAsync(spec, row));
        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("was changed since it was planned", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_are_told_by_their_content_where_the_job_says_so(bool isS3)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1];
        await bench.AddAsync("sub/0a1b2c", jpeg);
        await bench.AddAsync("b.JPEG_old", jpeg);
        await bench.AddAsync("text.jpg", "no picture");
        await bench.AddAsync("empty", "");
        await bench.AddAsync(".hidden", jpeg);
        var spec = bench.Spec(input: new InputSpec { ByContent = true });

        var rows = await bench.PlanAsync(spec);

        Assert.Equal(["b.JPEG_old", "sub/0a1b2c"], rows.Select(row => row.Key));
        Assert.Equal(jpeg.Length, rows[0].Bytes);
    }

    [Fact]
    public async Task A_plan_keeps_all_that_a_worker_needs_of_a_row()
    {
        var image = new PlannedImage("id", "s3://b/x.tar#a.jpg", 5, "tag")
        {
            Part = new PlannedPart("s3://b/x.tar", null, 0, 0, 512, 5),
            Columns = """{"a":"b"}""",
            Questions = "[]",
        };
        PlannedImage[] images = [image, image with { Part = new PlannedPart("s3://b/x.parquet", "image/bytes", 3, 4, 0, 0) }, new("bad", "s3://b/list.csv#line-2", 0, "") { Fault = "it is bad" }, new("a.jpg", "s3://b/a.jpg", 1, "t")];

        var (file, _) = await PlannedImageFile.WriteAsync(images, Stop);

        Assert.Equal(images, await PlannedImageFile.ReadAsync(file, Stop));
    }
}
