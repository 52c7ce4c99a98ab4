using System.Text;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>What every store must do; run against local folders and against a real S3 server.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected IObjectStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>An empty store.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    /// <summary>A store whose bucket or folder does not exist.</summary>
    protected abstract Task<IObjectStore> OpenMissingAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_001)]
    public async Task What_is_put_is_read_back(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);

        await Store.PutAsync("folder/object.bin", new MemoryStream(content), Stop);

        Assert.Equal(content, await Store.ReadAllBytesAsync("folder/object.bin", Stop));
        Assert.Equal(length, (await Store.FindAsync("folder/object.bin", Stop))!.Value.Bytes);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_rewound_is_put_too()
    {
        await Store.PutAsync("piped", new ForwardOnlyStream("piped content"u8.ToArray()), Stop);

        Assert.Equal("piped content", await ReadAsync("piped"));
    }

    [Fact]
    public async Task A_stream_is_put_from_where_it_stands()
    {
        var content = new MemoryStream("headcontent"u8.ToArray()) { Position = 4 };

        await Store.PutAsync("rest", content, Stop);

        Assert.Equal("content", await ReadAsync("rest"));
    }

    [Fact]
    public async Task Put_replaces_an_object_and_changes_its_etag()
    {
        await PutAsync("object", "a long first content");
        var before = (await Store.FindAsync("object", Stop))!.Value;

        await PutAsync("object", "second");

        var after = (await Store.FindAsync("object", Stop))!.Value;
        Assert.Equal("second", await ReadAsync("object"));
        Assert.Equal(6, after.Bytes);
        Assert.NotEqual(before.ETag, after.ETag);
        Assert.DoesNotContain('"', after.ETag);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await PutAsync("folder/object", "content");

        Assert.Null(await Store.FindAsync("nothing", Stop));
        Assert.Null(await Store.FindAsync("folder", Stop));
        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => Store.OpenReadAsync("nothing", Stop)));
        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => Store.OpenReadAsync("folder", Stop)));
        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => Store.CopyAsync("nothing", "copy", Stop)));
        Assert.Null(await Store.FindAsync("copy", Stop));
    }

    [Fact]
    public async Task Faults_name_the_object()
    {
        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.OpenReadAsync("some/thing.png", Stop));

        Assert.Equal(Store.UriOf("some/thing.png"), fault.Uri);
        Assert.Contains("some/thing.png", fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task Listing_gives_whole_keys_in_the_order_of_their_bytes()
    {
        string[] keys = ["a-b", "a.b", "a/b", "a/b.c/d", "a/c/d", "a0", "aé", "a\uFF5E", "a😀", "B", "b c+d%20?#&.jpg", "z/z/z/z/z"];
        foreach (var key in keys)
        {
            await PutAsync(key, key);
        }

        var listed = await Store.ListAsync("", Stop).ToListAsync(Stop);

        Assert.Equal(keys.Order(Comparer<string>.Create(CompareBytes)), listed.Select(found => found.Key));
        Assert.All(listed, found => Assert.Equal(Encoding.UTF8.GetByteCount(found.Key), found.Bytes));
    }

    [Fact]
    public async Task Listing_goes_on_beyond_a_thousand_keys()
    {
        var keys = Enumerable.Range(0, 1_203).Select(i => $"folder-{i % 7}/{i:d5}.jpg").ToList();
        await Parallel.ForEachAsync(keys, Stop, async (key, token) => await Store.PutAsync(key, new MemoryStream([1]), token));

        var listed = await Store.ListAsync("", Stop).Select(found => found.Key).ToListAsync(Stop);

        Assert.Equal(keys.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task Listing_a_prefix_gives_the_keys_that_start_with_it()
    {
        foreach (var key in (string[])["data/train-0", "data/train-1", "data/train/x", "data/other", "database", "x/data/train-2"])
        {
            await PutAsync(key, "content");
        }

        Assert.Equal(["data/train-0", "data/train-1", "data/train/x"], await KeysAsync("data/train"));
        Assert.Equal(["data/other", "data/train-0", "data/train-1", "data/train/x"], await KeysAsync("data/"));
        Assert.Empty(await KeysAsync("nothing/"));
        Assert.Empty(await KeysAsync("nothing/here"));
    }

    [Fact]
    public async Task Listing_agrees_with_finding()
    {
        await PutAsync("object", "content");

        Assert.Equal(await Store.FindAsync("object", Stop), await Store.ListAsync("", Stop).SingleAsync(Stop));
    }

    [Fact]
    public async Task Listing_what_does_not_exist_is_a_fault()
    {
        var missing = await OpenMissingAsync();

        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => missing.ListAsync("", Stop).ToListAsync(Stop).AsTask()));
    }

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("deep/er/b c+d%20?#&='\".jpg")]
    [InlineData("emoji 😀/é.png")]
    [InlineData(".hidden/.file")]
    public async Task Any_name_will_do_for_a_key(string key)
    {
        await PutAsync(key, "content");
        await Store.CopyAsync(key, "copy of " + key, Stop);

        Assert.Equal("content", await ReadAsync("copy of " + key));
        Assert.Equal([key, "copy of " + key], (await KeysAsync("")).OrderBy(found => found.Length));
        Assert.False(await Store.TryCreateAsync(key, "other"u8.ToArray(), Stop));

        await Store.DeleteAsync(key, Stop);
        Assert.Null(await Store.FindAsync(key, Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../escape")]
    [InlineData("folder/../../escape")]
    [InlineData("folder/./object")]
    [InlineData("nul\0")]
    public async Task Keys_that_lead_out_of_the_folder_are_refused(string key)
    {
        await PutAsync("object", "content");

        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.FindAsync(key, Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.OpenReadAsync(key, Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.PutAsync(key, new MemoryStream(), Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.TryCreateAsync(key, default, Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.CopyAsync("object", key, Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.CopyAsync(key, "copy", Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.DeleteAsync(key, Stop)));
    }

    [Fact]
    public async Task Of_eight_writers_that_create_an_object_one_wins_and_its_content_stays()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = $"commits/{round}.json";
            using var gate = new SemaphoreSlim(0);
            var writers = Enumerable.Range(0, 8).Select(async writer =>
            {
                await gate.WaitAsync(Stop);
                return await Store.TryCreateAsync(key, Encoding.UTF8.GetBytes($"writer {writer}"), Stop);
            }).ToList();
            gate.Release(8);

            var won = await Task.WhenAll(writers);

            Assert.Single(won, true);
            Assert.Equal($"writer {Array.IndexOf(won, true)}", await ReadAsync(key));
            Assert.False(await Store.TryCreateAsync(key, "late"u8.ToArray(), Stop));
        }
    }

    [Fact]
    public async Task Copy_replaces_its_destination_and_keeps_its_source()
    {
        await PutAsync("source", "new");
        await PutAsync("folder/destination", "a longer old content");

        await Store.CopyAsync("source", "folder/destination", Stop);

        Assert.Equal("new", await ReadAsync("folder/destination"));
        Assert.Equal("new", await ReadAsync("source"));
    }

    [Fact]
    public async Task Delete_of_nothing_is_no_fault()
    {
        await PutAsync("object", "content");

        await Store.DeleteAsync("object", Stop);
        await Store.DeleteAsync("object", Stop);
        await Store.DeleteAsync("no/such/folder/object", Stop);

        Assert.Empty(await KeysAsync(""));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_no_fault_of_the_store()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync("object", new MemoryStream([1]), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ListAsync("", cancelled.Token).ToListAsync(cancelled.Token));
        Assert.Empty(await KeysAsync(""));
    }

    protected static async Task<ObjectStoreFault> FaultOf(Func<Task> action) => (await Assert.ThrowsAsync<ObjectStoreException>(action)).Fault;

    protected Task PutAsync(string key, string content) => Store.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(content)), Stop);

    protected async Task<string> ReadAsync(string key) => Encoding.UTF8.GetString(await Store.ReadAllBytesAsync(key, Stop));

    protected async Task<List<string>> KeysAsync(string prefix) => await Store.ListAsync(prefix, Stop).Select(found => found.Key).ToListAsync(Stop);

    private static int CompareBytes(string? left, string? right) => Encoding.UTF8.GetBytes(left!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right!));
}
