using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Cards;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Rows;
using Pipeline.Jobs.Tests.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Commit;

/// <summary>A job of five images in three shards, planned in a store of the test's choice.</summary>
internal sealed class CommitScenario : IDisposable
{
    private CommitScenario(S3Options s3, CreateLedger? ledger = null) => Stores = new ObjectStores(s3, TimeProvider.System, ledger);

    public TemporaryFolder Folder { get; } = new();

    public ObjectStores Stores { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public IObjectStore Output { get; private set; } = null!;

    public JobPlan Plan { get; private set; } = null!;

    public JobSpec Spec { get; private set; } = null!;

    /// <summary>A prompt that would break a page if it were more than text in it.</summary>
    public const string Caption = "Describe | it.\n```\n<script>alert(1)</script>";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Source and output in a local folder.</summary>
    public static Task<CommitScenario> CreateAsync()
    {
        var scenario = new CommitScenario(new S3Options());
        return scenario.PlanAsync(scenario.Folder.Path);
    }

    /// <summary>Source and output in a bucket.</summary>
    public static async Task<CommitScenario> CreateAsync(CephS3Server server, FaultyProxy? proxy = null, CreateLedger? ledger = null)
    {
        var s3 = new S3Options { Endpoint = proxy?.Endpoint ?? server.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey };
        var scenario = new CommitScenario(s3, ledger);
        return await scenario.PlanAsync($"s3://{await server.CreateBucketAsync(Stop)}");
    }

    public void Dispose()
    {
        Stores.Dispose();
        Folder.Dispose();
    }

    /// <summary>Rows of the dataset as its manifest lists them.</summary>
    public async Task<List<DatasetRow>> ReadRowsAsync()
    {
        var manifest = (await new DatasetReader(Output).FindAsync(Stop))!;
        return await manifest.Files.ToAsyncEnumerable().SelectMany(file => ShardFileReader.ReadAsync(Output, file.File, Stop)).ToListAsync(Stop);
    }

    /// <summary>Annotates a shard anew, with one failed row in shard 1, and commits it through a store.</summary>
    public async Task<ShardCommit> CommitAsync(IObjectStore through, int shard, int attempt = 1) =>
        await new ShardCommitter(through, Time).CommitAsync(await AnnotateAsync(shard, attempt), Stop);

    /// <summary>Makes shard 1 again, this time without a failure, and commits it to a later version through a store.</summary>
    public async Task<ShardCommit> RetryAsync(IObjectStore through, int version = 2) =>
        await new ShardCommitter(through, Time, version).CommitAsync(await AnnotateAsync(1, 2, isMended: true), Stop);

    public async Task<ShardAttempt> AnnotateAsync(int shard, int attempt, bool isMended = false)
    {
        var path = Folder.In($"{Guid.NewGuid():n}.parquet");
        await using var writer = ShardFileWriter.Create(path, RowSamples.Provenance with { Attempt = attempt });
        foreach (var image in await new PlanReader(Output).ReadShardAsync(Plan.Shards[shard], Stop))
        {
            await writer.WriteAsync(
                image.Key == "3.jpg" && !isMended ? RowSamples.Failed(image.Key, RowFailure.EmptyFile) : WithImageFacts(RowSamples.Annotated(image.Key, $"by attempt {attempt}")), Stop);
        }

        return new ShardAttempt
        {
            Shard = shard,
            Shards = Plan.Shards.Count,
            Attempt = attempt,
            Worker = "test:1",
            File = await writer.CompleteAsync(Stop),
        };
    }

    /// <summary>As a submission does.</summary>
    public Task ClaimAsync() => Output.TryCreateRecordAsync(
        OutputLayout.Job, new JobClaim { JobId = Plan.JobId, Spec = JsonSerializer.SerializeToElement(Plan.JobId) }, CommitJson.Default.JobClaim, Stop);

    public async Task CommitAllAsync(IObjectStore through)
    {
        foreach (var shard in Plan.Shards)
        {
            await CommitAsync(through, shard.Index);
        }
    }

    public Task<DatasetSuccess> FinalizeAsync(IObjectStore through) => new DatasetFinalizer(through, Time).FinalizeAsync(Stop);

    /// <summary>With a card, the thumbnails of which a test makes.</summary>
    public Task<DatasetSuccess> FinalizeWithCardAsync(ThumbnailMaker? thumbnail) =>
        new DatasetFinalizer(Output, Time, new CardWriter(Spec, Stores, thumbnail)).FinalizeAsync(Stop);

    /// <summary>What a row tells of its image.</summary>
    public AnnotationRow WithImageFacts(AnnotationRow row) => row with
    {
        SourceUri = Stores.Open(Spec.Source).UriOf(row.Id),
        Bytes = 1,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData([1])),
    };

    /// <summary>Every id of the dataset as DuckDB finds it in the files.</summary>
    public List<object?[]> ReadDataset(string select = "id") =>
        DuckDb.Query(Folder.In("output", "data", "*.parquet"), $"SELECT {select} FROM $file ORDER BY id");

    public async Task<List<string>> KeysAsync(string prefix) => await Output.ListAsync(prefix, Stop).Select(found => found.Key).ToListAsync(Stop);

    public async Task<string> ReadAsync(string key) => Encoding.UTF8.GetString(await Output.ReadAllBytesAsync(key, Stop));

    private async Task<CommitScenario> PlanAsync(string root)
    {
        var spec = Spec = new JobSpec { Caption = Caption, Questions = RowSamples.Questions, Source = $"{root}/source", Output = $"{root}/output", Model = Folder.In("model"), ShardSize = 2 };
        foreach (var name in (string[])["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"])
        {
            await Stores.Open(spec.Source).PutAsync(name, new MemoryStream([1]), Stop);
        }

        await Stores.Open(spec.Model).PutAsync("config.json", new MemoryStream([1]), Stop);
        Plan = await new Planner(Stores).PlanAsync("job-0123456789abcdef", spec, Stop);
        Output = Stores.Open(spec.Output);
        return this;
    }
}
