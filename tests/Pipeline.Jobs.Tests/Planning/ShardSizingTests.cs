using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Rows;
using Pipeline.Jobs.Tests.Specs;
using Pipeline.Jobs.Tests.Storage;

namespace Pipeline.Jobs.Tests.Planning;

/// <summary>Files and row groups stay within what readers like: 500 MB and 100 MB, uncompressed.</summary>
public sealed class ShardSizingTests
{
    private const long MostOfFile = 500_000_000;
    private const long MostOfGroup = 100_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_of_little_text_fill_shards_of_the_size_that_was_asked_for() => Assert.Equal(
        [1_000, 1_000, 500], (await DivideAsync(new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe." }, Images(2_500, 5_000_000))).Select(shard => shard.Count));

    [Fact]
    public async Task Shards_with_images_end_before_their_file_grows_too_long()
    {
        var spec = SpecSamples.Spec() with { EmbedImages = true };

        var shards = await DivideAsync(spec, [.. Images(100, 9_000_000), .. Images(3, 450_000_000), .. Images(2, 1_000)]);

        Assert.Equal([44, 44, 12, 1, 1, 1, 2], shards.Select(shard => shard.Count));
        Assert.All(shards.Where(shard => shard.Count > 1), shard => Assert.True(shard.Sum(image => image.Bytes) < ShardSizing.MostBytes));
    }

    [Fact]
    public async Task Long_answers_make_shards_smaller()
    {
        var spec = new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe.", MaxTokens = 4_096, ShardSize = 100_000, Sampling = new SamplingSpec { LogProbs = true } };

        var shards = await DivideAsync(spec, Images(10_000, 1));

        Assert.InRange(shards[0].Count, 1_000, 5_000);
    }

    [Fact]
    public async Task Images_that_a_manifest_only_names_are_looked_up_before_they_are_embedded()
    {
        using var folder = new TemporaryFolder();
        using var stores = new ObjectStores(new S3Options(), TimeProvider.System);
        Directory.CreateDirectory(folder.In("source"));
        foreach (var name in (string[])["a.jpg", "b.jpg", "c.jpg"])
        {
            await using var sparse = File.Create(folder.In("source", name));
            sparse.SetLength(250_000_000);
        }

        await File.WriteAllLinesAsync(folder.In("source", "list.csv"), ["image", "a.jpg", "gone.jpg", "b.jpg", "c.jpg"], Stop);
        Directory.CreateDirectory(folder.In("model"));
        await File.WriteAllTextAsync(folder.In("model", "config.json"), "{}", Stop);
        var spec = new JobSpec { Source = folder.In("source", "list.csv"), Output = folder.In("output"), Model = folder.In("model"), Caption = "Describe.", EmbedImages = true };

        var plan = await new Planner(stores).PlanAsync("job-0123456789abcdef", spec, Stop);

        Assert.Equal([2, 1, 1], plan.Shards.Select(shard => shard.Rows));
    }

    [Fact]
    public async Task Two_hundred_thousand_rows_lie_in_files_and_row_groups_that_readers_like()
    {
        using var folder = new TemporaryFolder();
        var spec = SpecSamples.Spec() with { ShardSize = 100_000 };
        var shards = await DivideAsync(spec, Images(200_000, 500_000));
        foreach (var (index, shard) in shards.Index())
        {
            await using var writer = ShardFileWriter.Create(folder.In($"{index}.parquet"), RowSamples.Provenance);
            foreach (var image in shard)
            {
                await writer.WriteAsync(RowSamples.Annotated(image.Key, $"A caption of some words that says what is to be seen in the image called {image.Key}."), Stop);
            }

            await writer.CompleteAsync(Stop);
        }

        var groups = DuckDb.Query(
            folder.In("*.parquet"),
            """
            SELECT file_name, row_group_id, any_value(row_group_num_rows)::BIGINT, sum(total_uncompressed_size)::BIGINT
            FROM parquet_metadata($file) GROUP BY ALL ORDER BY ALL
            """);
        Assert.Equal(200_000L, groups.Sum(group => (long)group[2]!));
        Assert.All(groups, group => Assert.InRange((long)group[3]!, 1, MostOfGroup));
        Assert.All(groups.GroupBy(group => group[0]), file => Assert.InRange(file.Sum(group => (long)group[3]!), 1, MostOfFile));
    }

    private static async Task<List<IReadOnlyList<PlannedImage>>> DivideAsync(JobSpec spec, IEnumerable<PlannedImage> images) =>
        await new ShardSizing(spec).DivideAsync(images.ToAsyncEnumerable()).ToListAsync(Stop);

    private static IEnumerable<PlannedImage> Images(int count, long bytes) =>
        Enumerable.Range(0, count).Select(index => new PlannedImage($"{index:d7}.jpg", $"file:///{index:d7}.jpg", bytes, "etag"));
}
