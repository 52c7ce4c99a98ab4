using Parquet;
using Parquet.Schema;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Sources;

/// <summary>Files that would take all memory of who reads them are refused with their names.</summary>
public sealed class SourceBombTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rows.jsonl", "{\"image\": \"a", "a")]
    [InlineData("rows.csv", "image\n", "a,")]
    [InlineData("rows.csv", "image\n", "\"a\n\",")]
    public async Task A_row_without_an_end_is_refused(string name, string beginning, string more)
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync(name, beginning + string.Concat(Enumerable.Repeat(more, (RowBudget.Longest / more.Length) + 10_000)));

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => bench.PlanAsync(bench.Spec(name)));

        Assert.Contains($"{name}': row 1 has more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_long_rows_are_read()
    {
        using var bench = SourceBench.Local();
        var row = $"{{\"image\": \"a.jpg\", \"id\": \"#\", \"text\": \"{new string('a', 1 << 20)}\"}}\n";
        await bench.AddAsync("rows.jsonl", string.Concat(Enumerable.Range(0, 20).Select(id => row.Replace("#", $"{id}", StringComparison.Ordinal))));

        Assert.Equal(20, (await bench.PlanAsync(bench.Spec("rows.jsonl"))).Count);
    }

    [Fact]
    public async Task A_sample_of_countless_members_is_refused()
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync("rows.tar", await SourceBench.TarAsync([.. Enumerable.Range(0, 1_200).Select(n => ($"one.{n}.txt", "text"))]));

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => bench.PlanAsync(bench.Spec("rows.tar")));

        Assert.Contains("the sample 'one' has more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parquet_file_of_a_few_kilobytes_that_would_fill_the_memory_is_refused()
    {
        // A dictionary of one value and run lengths: 50 million rows take next to nothing.
        var field = new DataField<int>("image");
        using var file = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), file, cancellationToken: Stop))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<int>(field, new int[20_000_000], cancellationToken: Stop);
        }

        using var bench = SourceBench.Local();
        await bench.AddAsync("rows.parquet", file.ToArray());

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => bench.PlanAsync(bench.Spec("rows.parquet")));

        Assert.Contains("more than 10,000,000 rows", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://169.254.169.254#.example.com/x")]
    [InlineData("s3://user@host/x")]
    [InlineData("s3://host:80/x")]
    [InlineData("s3://a%2f..%2fb/x")]
    [InlineData("s3://../x")]
    [InlineData("gopher://host/x")]
    [InlineData("http://[::1]/x")]
    [InlineData("http://2130706433/x")]
    public void A_place_that_could_send_a_request_elsewhere_is_no_place(string text) => Assert.False(ObjectLocation.TryParse(text, out _, out _));

    [Fact]
    public void A_place_of_endless_length_is_named_in_short()
    {
        Assert.False(ObjectLocation.TryParse("/" + new string('a', 100_000), out _, out var fault));
        Assert.InRange(fault!.Length, 1, 300);
    }

    [Fact]
    public void A_manifest_in_a_bucket_chooses_no_file_of_the_worker()
    {
        using var stores = new ObjectStores(new S3Options(), TimeProvider.System);
        var spec = new JobSpec { Source = "s3://bucket/list.csv", Output = "s3://bucket/out", Model = "/model", Caption = "Describe" };
        var judge = new RowJudge(spec, new RowNames(spec), stores.Open("/list"), stores.Open("/list"), stores.Places);

        var planned = judge.Judge(new SourceRow { File = "list.csv", Where = "line 2", Columns = new Dictionary<string, string?> { ["image"] = "/etc/passwd" } });

        Assert.Contains("'/etc/passwd' is a local file, and the manifest is not", planned.Fault, StringComparison.Ordinal);
    }
}
