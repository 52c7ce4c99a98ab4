using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Duplicates;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Storage;

namespace Pipeline.Jobs.Tests.Planning;

public sealed class PlannerTests : IDisposable
{
    private const string JobId = "job-0123456789abcdef";

    private readonly TemporaryFolder folder = new();
    private readonly ObjectStores stores = new(new S3Options(), TimeProvider.System);

    public PlannerTests()
    {
        AddFile("model/config.json");
        AddFile("model/model.safetensors");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobSpec Spec => new() { Source = folder.In("source"), Output = folder.In("output"), Model = folder.In("model"), Caption = "Describe.", ShardSize = 3 };

    private IObjectStore Output => stores.Open(Spec.Output);

    public void Dispose()
    {
        stores.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_image_is_in_exactly_one_shard_in_the_order_of_the_keys()
    {
        string[] images = ["z.jpg", "a/2.png", "a/10.PNG", "a.jpg", "b c+ü.webp", "m.gif", "n.tif"];
        Array.ForEach([.. images, "notes.txt", ".hidden.jpg", ".git/x.jpg", "_pipeline/x.jpg"], name => AddFile("source/" + name));

        var plan = await PlanAsync();

        Assert.Equal((JobId, 7, 64), (plan.JobId, plan.Rows, plan.ModelRevision.Length));
        Assert.Equal([3, 3, 1], plan.Shards.Select(shard => shard.Rows));
        Assert.Equal([0, 1, 2], plan.Shards.Select(shard => shard.Index));
        var planned = await ReadAllAsync(plan);
        Assert.Equal(images.Order(StringComparer.Ordinal), planned.Select(image => image.Key));
        Assert.Equal($"file://{folder.Path}/source/b%20c%2B%C3%BC.webp", planned.Single(image => image.Key == "b c+ü.webp").Uri);
        Assert.All(planned, image => Assert.True(image.Bytes > 0 && image.ETag.Length > 0));
    }

    [Fact]
    public async Task Duplicates_are_those_of_all_images_in_the_order_of_the_plan_over_all_shards()
    {
        Array.ForEach(["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg"], name => AddFile("source/" + name));
        var content = new Dictionary<string, ulong?> { ["a.jpg"] = 1, ["b.jpg"] = null, ["c.jpg"] = 2, ["d.jpg"] = 2, ["e.jpg"] = 1, ["f.jpg"] = null };
        var spec = Spec with { Duplicates = new DuplicateSpec() };

        var plan = await new Planner(stores, (_, _, images, _) => images.ToAsyncEnumerable().Select(image => content[image.Key] is { } known ? new ImageFingerprint(known, null) : (ImageFingerprint?)null))
            .PlanAsync(JobId, spec, Stop);

        Duplicate?[] expected = [null, null, null, new Duplicate("c.jpg", DuplicateKind.Exact), new Duplicate("a.jpg", DuplicateKind.Exact), null];
        Assert.Equal(2, plan.Shards.Count);
        Assert.Equal(expected, (await ReadAllAsync(plan)).Select(image => image.Duplicate));
    }

    [Fact]
    public async Task The_first_plan_stays_whatever_becomes_of_the_source()
    {
        AddFile("source/a.jpg");
        AddFile("source/b.jpg");
        var first = await PlanAsync();

        AddFile("source/c.jpg");
        File.Delete(folder.In("source", "a.jpg"));
        File.Delete(folder.In("model", "model.safetensors"));
        var second = await PlanAsync();

        Assert.Equivalent(first, second, strict: true);
        Assert.Equal(["a.jpg", "b.jpg"], (await ReadAllAsync(second)).Select(image => image.Key));
    }

    [Fact]
    public async Task Of_planners_that_race_one_wins_and_the_others_leave_nothing()
    {
        Enumerable.Range(0, 20).ToList().ForEach(i => AddFile($"source/{i:d2}.jpg"));

        var plans = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(PlanAsync)));

        Assert.All(plans, plan => Assert.Equivalent(plans[0], plan, strict: true));
        Assert.Equal(20, (await ReadAllAsync(plans[0])).Count);
        var left = await Output.ListAsync("", Stop).Select(found => found.Key).ToListAsync(Stop);
        Assert.Equal(plans[0].Shards.Select(shard => shard.File).Append(OutputLayout.Plan).Order(StringComparer.Ordinal), left.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_output_inside_the_source_is_not_annotated()
    {
        AddFile("source/a.jpg");
        AddFile("source/out/data/old.jpg");
        AddFile("source/outside/b.jpg");
        var spec = Spec with { Output = folder.In("source", "out") };

        var plan = await new Planner(stores).PlanAsync(JobId, spec, Stop);

        Assert.Equal(2, plan.Rows);
    }

    [Theory]
    [InlineData("source", "holds no images")]
    [InlineData("missing", "There is no")]
    public async Task A_source_without_images_is_refused(string source, string said)
    {
        AddFile("source/notes.txt");

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(
            () => new Planner(stores).PlanAsync(JobId, Spec with { Source = folder.In(source) }, Stop));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Contains(folder.In(source), fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient);
        Assert.Null(await new PlanReader(Output).FindAsync(Stop));
    }

    [Fact]
    public async Task A_changed_list_is_refused()
    {
        AddFile("source/a.jpg");
        var plan = await PlanAsync();
        var file = folder.In("output", plan.Shards[0].File);
        await File.AppendAllTextAsync(file, "x", Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAllAsync(plan));

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("was changed", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"job_id":"x","model_revision":"y","rows":1,"shards":[],"surprise":1}""")]
    [InlineData("""{"job_id":"x","rows":1,"shards":[]}""")]
    public async Task A_damaged_plan_is_refused_by_name(string json)
    {
        AddFile("output/_pipeline/plan.json", json);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(PlanAsync);

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("_pipeline/plan.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_names_that_read_alike_are_refused_and_not_lost()
    {
        AddFile("source/a.jpg");
        var made = System.Diagnostics.Process.Start("bash", ["-c", $"touch '{folder.In("source")}'/$'\\xff.jpg' '{folder.In("source")}'/$'\\xfe.jpg'"]);
        await made.WaitForExitAsync(Stop);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(PlanAsync);

        // The base library cannot delete such names.
        await System.Diagnostics.Process.Start("rm", ["-r", folder.In("source")]).WaitForExitAsync(Stop);
        Assert.Contains("rename one of them", fault.Message, StringComparison.Ordinal);
    }

    private Task<JobPlan> PlanAsync() => new Planner(stores).PlanAsync(JobId, Spec, Stop);

    private async Task<List<PlannedImage>> ReadAllAsync(JobPlan plan)
    {
        var reader = new PlanReader(Output);
        List<PlannedImage> images = [];
        foreach (var shard in plan.Shards)
        {
            images.AddRange(await reader.ReadShardAsync(shard, Stop));
        }

        return images;
    }

    private void AddFile(string name, string content = "content")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.In(name))!);
        File.WriteAllText(folder.In(name), content);
    }
}
