using System.Text;
using Hangfire.InMemory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Hosting;
using Pipeline.Worker.Models;
using Pipeline.Worker.Shards;
using Pipeline.Worker.Telemetry;

namespace Pipeline.Worker.Tests;

/// <summary>A planned job over texts in a temporary folder, as shards find it.</summary>
internal sealed class TestJob : IDisposable
{
    private readonly InMemoryStorage _storage = new();
    private readonly string _root = Directory.CreateTempSubdirectory("pipeline-worker-tests-").FullName;

    private TestJob(JobSpec? spec, S3Options? s3 = null, string? bucket = null, string? manifest = null, string config = "{}")
    {
        Stores = new ObjectStores(s3 ?? new S3Options(), TimeProvider.System);
        Jobs = new JobStore(_storage, TimeProvider.System);
        Shards = new ShardStore(_storage);
        Directory.CreateDirectory(SourcePath);
        Directory.CreateDirectory(ModelPath);
        File.WriteAllText(Path.Combine(ModelPath, "config.json"), config);
        Spec = (spec ?? new JobSpec { Source = "", Output = "", Model = "", Caption = "Describe" }) with
        {
            Source = bucket is null ? Path.Combine(SourcePath, manifest ?? "") : $"s3://{bucket}/in",
            Output = bucket is null ? Path.Combine(_root, "out") : $"s3://{bucket}/out",
            Model = ModelPath,
        };
        Id = JobId.Of(Spec);
    }

    public string Id { get; }
    public JobSpec Spec { get; }
    public ObjectStores Stores { get; }
    public JobStore Jobs { get; }
    public ShardStore Shards { get; }
    public JobPlan Plan { get; private set; } = null!;
    public string SourcePath => Path.Combine(_root, "in");
    public string ModelPath => Path.Combine(_root, "model");
    public IObjectStore Output => Stores.Open(Spec.Output);

    /// <summary>Plans a job over images of these names and texts.</summary>
    public static Task<TestJob> CreateAsync(params (string Name, string Text)[] images) => CreateAsync(null, images);

    public static async Task<TestJob> CreateAsync(JobSpec? spec, params (string Name, string Text)[] images)
    {
        var job = new TestJob(spec);
        await job.PlanAsync(images);
        return job;
    }

    /// <summary>The same over the rows of a manifest, which is one of the texts.</summary>
    public static async Task<TestJob> CreateFromAsync(JobSpec? spec, string? manifest, params (string Name, string Text)[] images)
    {
        var job = new TestJob(spec, manifest: manifest);
        await job.PlanAsync(images);
        return job;
    }

    /// <summary>The same over whatever somebody lays into the source's folder.</summary>
    public static async Task<TestJob> CreateOverAsync(JobSpec? spec, Func<string, Task> fill)
    {
        var job = new TestJob(spec);
        await fill(job.SourcePath);
        await job.PlanAsync([]);
        return job;
    }

    /// <summary>The same with a model of another configuration.</summary>
    public static async Task<TestJob> CreateAsync(JobSpec? spec, string config, params (string Name, string Text)[] images)
    {
        var job = new TestJob(spec, config: config);
        await job.PlanAsync(images);
        return job;
    }

    /// <summary>The same with source and output in a bucket.</summary>
    public static async Task<TestJob> CreateOnS3Async(S3Options s3, string bucket, params (string Name, string Text)[] images)
    {
        var job = new TestJob(null, s3, bucket);
        await job.PlanAsync(images);
        return job;
    }

    /// <summary>Runs a shard on a model, as Hangfire would.</summary>
    public Task RunAsync(IAnnotator annotator, int shard = 0, CancellationToken? cancellationToken = null, WorkerOptions? options = null) =>
        RunAsync(new EngineHost((folder, _) => Task.FromResult(new LoadedModel(folder, Plan.ModelRevision, annotator)), NullLogger<EngineHost>.Instance),
            shard, cancellationToken, options);

    public Task RunAsync(EngineHost models, int shard = 0, CancellationToken? cancellationToken = null, WorkerOptions? options = null) =>
        new ObservedShardJob(
            new ShardRunner(
                Stores, Jobs, Shards, models, new ReusedDatasets(), Options.Create(options ?? new WorkerOptions()), TimeProvider.System, NullLogger<ShardRunner>.Instance),
            NullLogger<ShardRunner>.Instance)
            .RunAsync(Id, shard, null, cancellationToken ?? TestContext.Current.CancellationToken);

    /// <summary>Mends an image, and asks for the failed rows of the dataset to be made again.</summary>
    public void BeginRetry(string image, string text)
    {
        File.WriteAllBytes(Path.Combine(SourcePath, image), Encoding.UTF8.GetBytes(text));
        Jobs.MoveTo(Id, JobState.CompletedWithErrors, null);
        Assert.True(Jobs.TryStartRetry(Id, 2));
    }

    /// <summary>Begins the job anew with these places alone, as a tenant's.</summary>
    public void LimitTo(params string[] places)
    {
        Jobs.MoveTo(Id, JobState.Cancelled, null);
        Jobs.Start(Id, Spec, tenant: "acme", places: places);
        Jobs.SetPlanned(Id, () => []);
    }

    /// <summary>The committed rows of a shard.</summary>
    public async Task<IReadOnlyList<AnnotationRow>> RowsAsync(int shard = 0)
    {
        var commit = await CommitAsync(shard);
        Assert.NotNull(commit);
        return await ShardFileReader.ReadAsync(Output, commit.File, TestContext.Current.CancellationToken)
            .Select(row => row.Annotation)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    public Task<ShardCommit?> CommitAsync(int shard = 0) => new CommitLog(Output).FindAsync(shard, TestContext.Current.CancellationToken);

    /// <summary>The small pictures of a shard's rows, by the rows' ids.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> PicturesAsync(int shard = 0) =>
        (await ShardPreviews.FindAsync(Output, shard, TestContext.Current.CancellationToken))?.Pictures ?? new Dictionary<string, byte[]>();

    /// <summary>Keys of staged files that nobody has taken away.</summary>
    public async Task<IReadOnlyList<string>> StagedAsync() =>
        await Output.ListAsync(OutputLayout.Staged, TestContext.Current.CancellationToken)
            .Select(found => found.Key)
            .ToListAsync(TestContext.Current.CancellationToken);

    private async Task PlanAsync((string Name, string Text)[] images)
    {
        var source = Stores.Open(Spec.Source.StartsWith("s3://", StringComparison.Ordinal) ? Spec.Source : SourcePath);
        foreach (var (name, text) in images)
        {
            await source.PutAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);
        }

        Jobs.Start(Id, Spec);
        var fingerprints = new ImageFingerprints(TestDecoders.Shared, Options.Create(new WorkerOptions()), TimeProvider.System, NullLogger<ImageFingerprints>.Instance);
        Plan = await new Planner(Stores, fingerprints.OfAsync).PlanAsync(Id, Spec, TestContext.Current.CancellationToken);
        Jobs.SetPlanned(Id, () => []);
    }

    public void Dispose()
    {
        Stores.Dispose();
        _storage.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
