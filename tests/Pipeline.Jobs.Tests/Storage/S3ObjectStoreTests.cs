using Amazon.Runtime;
using Amazon.S3.Model;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Storage;

public sealed class S3ObjectStoreTests(SharedCephS3 shared) : ObjectStoreContract
{
    private readonly ImmediateTime time = new();
    private readonly List<IDisposable> disposables = [];
    private CephS3Server server = null!;
    private string bucket = "";

    public override ValueTask DisposeAsync()
    {
        disposables.ForEach(disposable => disposable.Dispose());
        return ValueTask.CompletedTask;
    }

    protected override async Task<IObjectStore> OpenAsync()
    {
        server = await shared.StartedAsync();
        bucket = await server.CreateBucketAsync(Stop);
        return Open(server.Endpoint, server.AccessKey, server.SecretKey, $"s3://{bucket}/some/prefix");
    }

    protected override Task<IObjectStore> OpenMissingAsync() =>
        Task.FromResult(Open(server.Endpoint, server.AccessKey, server.SecretKey, "s3://no-such-bucket/prefix"));

    [Fact]
    public async Task A_whole_bucket_is_a_store_too()
    {
        var whole = Open(server.Endpoint, server.AccessKey, server.SecretKey, $"s3://{bucket}");
        await PutAsync("object", "content");

        Assert.Equal(["some/prefix/object"], await whole.ListAsync("", Stop).Select(found => found.Key).ToListAsync(Stop));
        Assert.Equal($"s3://{bucket}/some/prefix/object", whole.UriOf("some/prefix/object"));
    }

    [Fact]
    public async Task Neighbours_of_the_prefix_are_not_in_the_store()
    {
        using var client = server.CreateClient();
        foreach (var key in (string[])["some/prefix", "some/prefix/", "some/prefixes/x", "some/prefix/inside"])
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "x" }, Stop);
        }

        Assert.Equal(["inside"], await KeysAsync(""));
    }

    [Fact]
    public async Task A_big_object_goes_in_parts_and_comes_back_whole()
    {
        var content = new byte[40_000_000];
        new Random(1).NextBytes(content);

        await Store.PutAsync("big", new MemoryStream(content), Stop);

        Assert.Contains('-', (await Store.FindAsync("big", Stop))!.Value.ETag);
        Assert.Equal(content, await Store.ReadAllBytesAsync("big", Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(16 << 20)]
    [InlineData(40_000_000)]
    public async Task The_tags_of_an_upload_and_of_its_copy_are_known_beforehand(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var tags = await ContentTags.OfAsync(new MemoryStream(content), Stop);

        await Store.PutAsync("object", new MemoryStream(content), Stop);
        await Store.CopyAsync("object", "copy", Stop);

        foreach (var key in (string[])["object", "copy"])
        {
            var etag = (await Store.FindAsync(key, Stop))!.Value.ETag;
            Assert.True(tags.Contains(etag), $"{key}: {etag}, expected {tags}");
        }
    }

    [Fact]
    public async Task Uploads_that_a_killed_process_began_are_discarded()
    {
        using var client = server.CreateClient();
        await client.InitiateMultipartUploadAsync(bucket, "some/prefix/staged/begun", Stop);
        await client.InitiateMultipartUploadAsync(bucket, "other/begun", Stop);

        await Store.DiscardPartialWritesAsync("", Stop);

        var left = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket }, Stop);
        Assert.Equal(["other/begun"], left.MultipartUploads.Select(upload => upload.Key));
    }

    [Theory]
    [InlineData("unknown-key", null)]
    [InlineData(null, "wrong-secret")]
    public async Task Wrong_credentials_are_access_denied_and_not_tried_again(string? accessKey, string? secretKey)
    {
        var store = Open(server.Endpoint, accessKey ?? server.AccessKey, secretKey ?? server.SecretKey, $"s3://{bucket}/x");

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync("object", new MemoryStream([1]), Stop));

        Assert.Equal(ObjectStoreFault.AccessDenied, fault.Fault);
        Assert.Contains("S3:AccessKey", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secretKey ?? server.SecretKey, fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, time.Timers);
        Assert.Equal(ObjectStoreFault.AccessDenied, await FaultOf(() => store.FindAsync("object", Stop)));
        Assert.Equal(ObjectStoreFault.AccessDenied, await FaultOf(() => store.ListAsync("", Stop).ToListAsync(Stop).AsTask()));
    }

    [Fact]
    public async Task A_refused_upload_leaves_its_connection_in_step_for_the_next_request()
    {
        var store = Open(server.Endpoint, "unknown-key", server.SecretKey, $"s3://{bucket}/x");
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(ObjectStoreFault.AccessDenied, await FaultOf(() => store.PutAsync("object", new MemoryStream([1]), Stop)));
            Assert.Equal(ObjectStoreFault.AccessDenied, await FaultOf(() => store.FindAsync("object", Stop)));
        }

        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task A_bare_400_is_of_the_connection_and_tried_again()
    {
        await PutAsync("object", "content");
        await using var proxy = new CuttingProxy(server.Endpoint) { Refusals = 2 };

        Assert.NotNull(await Through(proxy).FindAsync("object", Stop));

        Assert.Equal(2, time.Timers);
    }

    [Fact]
    public async Task No_credentials_at_all_are_access_denied()
    {
        using var stores = new ObjectStores(new S3Options { Endpoint = server.Endpoint }, time);

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => stores.Open($"s3://{bucket}/x").FindAsync("object", Stop));

        Assert.Equal(ObjectStoreFault.AccessDenied, fault.Fault);
        Assert.Contains("S3:AccessKey", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_that_is_nowhere_set_is_named()
    {
        Assert.SkipWhen(FallbackRegionFactory.GetRegionEndpoint() is not null, "This machine has a default AWS region.");
        using var stores = new ObjectStores(new S3Options(), time);

        var fault = Assert.Throws<ObjectStoreException>(() => stores.Open("s3://bucket/x"));

        Assert.Equal(ObjectStoreFault.Rejected, fault.Fault);
        Assert.Contains("S3:Region", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_bucket_is_named_when_it_is_written()
    {
        var missing = await OpenMissingAsync();

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => missing.TryCreateAsync("object", default, Stop));

        Assert.Equal(ObjectStoreFault.NotFound, fault.Fault);
        Assert.Contains("no bucket", fault.Message, StringComparison.Ordinal);
        Assert.Contains("s3://no-such-bucket/prefix", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_down_is_unavailable_after_five_more_tries()
    {
        // Nothing listens on port 1.
        var store = Open(new Uri("http://127.0.0.1:1"), server.AccessKey, server.SecretKey, $"s3://{bucket}/x");

        var fault = await Assert.ThrowsAsync<ObjectStoreException>(() => store.FindAsync("object", Stop));

        Assert.Equal(ObjectStoreFault.Unavailable, fault.Fault);
        Assert.True(fault.IsTransient);
        Assert.Contains("refused", fault.Message, StringComparison.Ordinal);
        Assert.Equal(5, time.Timers);
    }

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_broke_off()
    {
        var content = new byte[6_000_000];
        new Random(2).NextBytes(content);
        await Store.PutAsync("object", new MemoryStream(content), Stop);
        await using var proxy = new CuttingProxy(server.Endpoint) { CutAfterResponseBytes = 2_000_000, Cuts = 2 };

        var read = await Through(proxy).ReadAllBytesAsync("object", Stop);

        Assert.Equal(content, read);
        Assert.Equal(0, proxy.Cuts);
    }

    [Fact]
    public async Task A_download_of_what_changes_meanwhile_never_mixes_two_versions()
    {
        await Store.PutAsync("object", new MemoryStream(new byte[6_000_000]), Stop);
        await using var proxy = new CuttingProxy(server.Endpoint) { CutAfterResponseBytes = 2_000_000, Cuts = 1 };
        await using var stream = await Through(proxy).OpenReadAsync("object", Stop);
        await stream.ReadExactlyAsync(new byte[1000], Stop);

        await Store.PutAsync("object", new MemoryStream([.. Enumerable.Repeat((byte)1, 6_000_000)]), Stop);

        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => stream.CopyToAsync(Stream.Null, Stop)));
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_still_knows_that_it_won()
    {
        await using var proxy = new CuttingProxy(server.Endpoint) { CutAfterResponseBytes = 0, Cuts = 1 };

        Assert.True(await Through(proxy).TryCreateAsync("commit", "mine"u8.ToArray(), Stop));

        Assert.Equal(0, proxy.Cuts);
        Assert.Equal("mine", await ReadAsync("commit"));
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_still_knows_that_it_lost()
    {
        await PutAsync("commit", "theirs");
        await using var proxy = new CuttingProxy(server.Endpoint) { CutAfterResponseBytes = 0, Cuts = 1 };

        Assert.False(await Through(proxy).TryCreateAsync("commit", "mine"u8.ToArray(), Stop));

        Assert.Equal("theirs", await ReadAsync("commit"));
    }

    [Fact]
    public async Task An_upload_whose_connection_is_cut_is_sent_again()
    {
        await using var proxy = new CuttingProxy(server.Endpoint) { CutAfterResponseBytes = 0, Cuts = 3 };

        await Through(proxy).PutAsync("object", new MemoryStream("content"u8.ToArray()), Stop);

        Assert.Equal(0, proxy.Cuts);
        Assert.Equal("content", await ReadAsync("object"));
    }

    private IObjectStore Through(CuttingProxy proxy) => Open(proxy.Endpoint, server.AccessKey, server.SecretKey, $"s3://{bucket}/some/prefix");

    private IObjectStore Open(Uri endpoint, string accessKey, string secretKey, string location)
    {
        var stores = new ObjectStores(new S3Options { Endpoint = endpoint, AccessKey = accessKey, SecretKey = secretKey }, time);
        disposables.Add(stores);
        return stores.Open(location);
    }
}
