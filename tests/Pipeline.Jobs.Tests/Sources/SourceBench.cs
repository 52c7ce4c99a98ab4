using System.Formats.Tar;
using System.Text;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Serialization;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Tests.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Sources;

/// <summary>A source in a local folder or a bucket, and what is planned of it.</summary>
internal sealed class SourceBench : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private SourceBench(S3Options options, string? place) => (Stores, Place) = (new ObjectStores(options, TimeProvider.System), place ?? folder.In("source"));

    public ObjectStores Stores { get; }

    /// <summary>Where the source's files lie.</summary>
    public string Place { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static SourceBench Local() => new(new S3Options(), null);

    public static async Task<SourceBench> CreateAsync(SharedCephS3 shared, bool isS3)
    {
        if (!isS3)
        {
            return Local();
        }

        var server = await shared.StartedAsync();
        var bucket = await server.CreateBucketAsync(Stop);
        return new(new S3Options { Endpoint = server.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey }, $"s3://{bucket}/some/source");
    }

    public JobSpec Spec(string source = "", InputSpec? input = null) => new()
    {
        Source = source.Length == 0 ? Place : $"{Place}/{source}",
        Output = folder.In("output"),
        Model = folder.In("model"),
        Caption = "Describe.",
        Input = input,
    };

    public Task AddAsync(string key, string content) => AddAsync(key, Encoding.UTF8.GetBytes(content));

    public Task AddAsync(string key, byte[] content) => Stores.Open(Place).PutAsync(key, new MemoryStream(content), Stop);

    public async Task<List<PlannedImage>> PlanAsync(JobSpec spec) => await new PlannedRows(Stores, spec).ListAsync(Stop).ToListAsync(Stop);

    public Task<IReadOnlyList<SpecFault>> FaultsAsync(JobSpec spec) => new JobSpecValidator(Stores).ValidateAsync(spec, Stop);

    /// <summary>What a worker would read of an image.</summary>
    public async Task<string> ReadAsync(JobSpec spec, PlannedImage image)
    {
        await using var content = await new ImageOpener(Stores, spec).OpenAsync(image, Stop);
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync(Stop);
    }

    public static async Task<byte[]> TarAsync(params (string Name, string Content)[] members)
    {
        var file = new MemoryStream();
        await using (var tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) }, Stop);
            }
        }

        return file.ToArray();
    }

    /// <summary>A Parquet file as Hugging Face writes image datasets: a struct of bytes and path, beside other columns. Two rows a group.</summary>
    public static Task<byte[]> HuggingFaceAsync(int rows) => ParquetAsync(Enumerable.Range(0, rows).Select(n => new HuggingFaceRow
    {
        Image = n == 3 ? null : new HuggingFaceImage { Bytes = Encoding.UTF8.GetBytes($"image {n}"), Path = $"{n}.jpg" },
        Label = n % 3,
    }));

    public static async Task<byte[]> ParquetAsync<T>(IEnumerable<T> rows)
    {
        var file = new MemoryStream();
        await ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { RowGroupSize = 2 }, customMetadata: null, Stop);
        return file.ToArray();
    }

    public void Dispose()
    {
        Stores.Dispose();
        folder.Dispose();
    }

    private sealed class HuggingFaceRow
    {
        [JsonPropertyName("image")]
        public HuggingFaceImage? Image { get; set; }

        [JsonPropertyName("label")]
        public long Label { get; set; }
    }

    private sealed class HuggingFaceImage
    {
        [JsonPropertyName("bytes")]
        public byte[]? Bytes { get; set; }

        [JsonPropertyName("path")]
        public string? Path { get; set; }
    }
}
