using System.Text;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Previews;

public sealed class ShardPreviewsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-previews-").FullName;
    private readonly ObjectStores _stores = new(new S3Options(), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IObjectStore Output => _stores.Open(_folder);

    [Fact]
    public async Task What_is_written_is_found_and_the_first_of_a_row_counts()
    {
        await ShardPreviews.Of([new("a \"b\"/ü.jpg", [1, 2, 3]), new("c", [4]), new("c", [5])]).WriteAsync(Output, 3, Token);

        var found = (await ShardPreviews.FindAsync(Output, 3, Token))!.Pictures;

        Assert.Equal(["a \"b\"/ü.jpg", "c"], found.Keys);
        Assert.Equal([1, 2, 3], found["a \"b\"/ü.jpg"]);
        Assert.Equal([4], found["c"]);
        Assert.Null(await ShardPreviews.FindAsync(Output, 4, Token));
    }

    [Fact]
    public async Task However_long_ids_and_pictures_are_the_object_stays_small()
    {
        var many = Enumerable.Range(0, 200).Select(index => new KeyValuePair<string, byte[]>($"{index} {new string('"', 2_000)}", new byte[10_000]));
        var previews = ShardPreviews.Of(many);
        await previews.WriteAsync(Output, 0, Token);

        Assert.InRange(previews.Pictures.Count, 10, 60);
        Assert.InRange((await Output.FindAsync(OutputLayout.PreviewsOf(0), Token))!.Value.Bytes, 1, ShardPreviews.MostBytes);
        Assert.Equal(previews.Pictures.Count, (await ShardPreviews.FindAsync(Output, 0, Token))!.Pictures.Count);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("""{"pictures":null}""")]
    [InlineData("""{"pictures":{"a":"no base64!"}}""")]
    public async Task What_somebody_else_wrote_there_is_none(string content)
    {
        await Output.PutAsync(OutputLayout.PreviewsOf(0), new MemoryStream(Encoding.UTF8.GetBytes(content)), Token);
        Assert.Null(await ShardPreviews.FindAsync(Output, 0, Token));
    }

    [Fact]
    public async Task A_longer_object_than_any_worker_writes_is_not_read()
    {
        await Output.PutAsync(OutputLayout.PreviewsOf(0), new MemoryStream(Encoding.UTF8.GetBytes("{\"pictures\":{\"a\":\"" + new string('A', ShardPreviews.MostBytes) + "\"}}")), Token);
        Assert.Null(await ShardPreviews.FindAsync(Output, 0, Token));
    }

    public void Dispose()
    {
        _stores.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
