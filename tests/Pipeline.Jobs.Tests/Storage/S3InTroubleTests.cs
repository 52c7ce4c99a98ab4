using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Pipeline.Jobs.Storage;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Storage;

/// <summary>The real S3 server behind a proxy that cuts, storms, drips and damages.</summary>
public sealed class S3InTroubleTests(SharedCephS3 shared) : IAsyncLifetime
{
    private readonly ImmediateTime time = new();
    private readonly List<ObjectStores> opened = [];
    private CephS3Server server = null!;
    private FaultyProxy proxy = null!;
    private string location = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await shared.StartedAsync();
        proxy = await FaultyProxy.StartAsync(server.Endpoint, Stop);
        location = $"s3://{await server.CreateBucketAsync(Stop)}/some/prefix";
    }

    public async ValueTask DisposeAsync()
    {
        opened.ForEach(stores => stores.Dispose());
        await proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(404, "NoSuchKey", ObjectStoreFault.NotFound, false)]
    [InlineData(403, "AccessDenied", ObjectStoreFault.AccessDenied, false)]
    [InlineData(503, "SlowDown", ObjectStoreFault.Throttled, true)]
    [InlineData(503, "ServiceUnavailable", ObjectStoreFault.Throttled, true)]
    [InlineData(429, "TooManyRequests", ObjectStoreFault.Throttled, true)]
    [InlineData(500, "InternalError", ObjectStoreFault.Unavailable, true)]
    [InlineData(507, "InsufficientStorage", ObjectStoreFault.Full, false)]
    [InlineData(400, "InvalidArgument", ObjectStoreFault.Rejected, false)]
    public async Task What_the_store_answers_is_told_apart_and_only_what_may_pass_is_tried_again(int status, string code, ObjectStoreFault fault, bool again)
    {
        proxy.FaultOf = _ => new ProxyFault.Refuse(status, code);

        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => Open().OpenReadAsync("object", Stop));

        Assert.Equal((fault, again), (refused.Fault, refused.IsTransient));
        Assert.Equal(again ? 6 : 1, proxy.Requests);
        Assert.Contains("object", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storm_of_503_passes_unseen_while_one_of_three_requests_gets_through()
    {
        var content = Random(3_000_000);
        var turn = 0;
        proxy.FaultOf = _ => Interlocked.Increment(ref turn) % 3 == 0 ? null : new ProxyFault.Refuse(503, "SlowDown");
        var store = Open();

        await store.PutAsync("object", new MemoryStream(content), Stop);

        Assert.True(await store.TryCreateAsync("commit", "mine"u8.ToArray(), Stop));
        Assert.Equal(content, await store.ReadAllBytesAsync("object", Stop));
        Assert.Equal(["commit", "object"], await store.ListAsync("", Stop).Select(found => found.Key).ToListAsync(Stop));
    }

    [Fact]
    public async Task In_an_outage_requests_are_soon_not_even_sent_and_afterwards_they_are_again()
    {
        var store = Open();
        await store.PutAsync("object", new MemoryStream([1]), Stop);
        proxy.FaultOf = _ => new ProxyFault.Refuse(503, "SlowDown");
        List<ObjectStoreFault> faults = [];
        var before = proxy.Requests;

        for (var i = 0; i < 50; i++)
        {
            faults.Add((await Assert.ThrowsAsync<ObjectStoreException>(() => store.FindAsync("object", Stop))).Fault);
        }

        // Each request by itself would have sent six; the time is real here, so a few probes may get through in between.
        Assert.InRange(proxy.Requests - before, 10, 40);
        Assert.Equal(ObjectStoreFault.Throttled, faults[0]);
        Assert.Equal(ObjectStoreFault.Outage, faults[^1]);

        proxy.FaultOf = _ => null;
        await Patiently(async () => Assert.NotNull(await store.FindAsync("object", Stop)));
    }

    [Fact]
    public async Task One_object_that_alone_is_unreadable_is_no_outage()
    {
        var store = Open();
        await store.PutAsync("good", new MemoryStream([1]), Stop);
        proxy.FaultOf = request => request.Path.Value!.EndsWith("bad", StringComparison.Ordinal) ? new ProxyFault.Refuse(500, "InternalError") : null;

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ObjectStoreFault.Unavailable, (await Assert.ThrowsAsync<ObjectStoreException>(() => store.OpenReadAsync("bad", Stop))).Fault);
            Assert.NotNull(await store.FindAsync("good", Stop));
            Assert.Equal([1], await store.ReadAllBytesAsync("good", Stop));
        }
    }

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_give_the_whole_content()
    {
        var content = Random(5_000_000);
        await Open().PutAsync("object", new MemoryStream(content), Stop);
        proxy.FaultOf = _ => new ProxyFault.Cut(700_000);

        Assert.Equal(content, await Open().ReadAllBytesAsync("object", Stop));

        Assert.InRange(proxy.Requests, 8, int.MaxValue);
    }

    [Fact]
    public async Task A_dripping_body_is_given_up_and_taken_up_again_on_another_connection()
    {
        var content = Random(500_000);
        await Open().PutAsync("object", new MemoryStream(content), Stop);
        var connections = new ConcurrentQueue<string>();
        proxy.FaultOf = request =>
        {
            connections.Enqueue(request.Headers.Range.ToString());
            return connections.Count == 1 ? new ProxyFault.Drip(200_000, TimeSpan.FromMilliseconds(5)) : null;
        };

        Assert.Equal(content, await Open(Impatient).ReadAllBytesAsync("object", Stop));

        var ranges = connections.ToArray();
        Assert.Equal(2, ranges.Length);
        Assert.Equal("", ranges[0]);
        Assert.InRange(RangeHeaderValue.Parse(ranges[1]).Ranges.Single().From!.Value, 1, 400_000);
    }

    [Fact]
    public async Task A_body_that_drips_on_every_connection_is_too_slow_and_not_read_for_ever()
    {
        await Open().PutAsync("object", new MemoryStream(Random(500_000)), Stop);
        proxy.FaultOf = _ => new ProxyFault.Drip(0, TimeSpan.FromMilliseconds(5));
        await using var stream = await Open(Impatient).OpenReadAsync("object", Stop);

        var slow = await Assert.ThrowsAsync<ObjectStoreException>(() => stream.CopyToAsync(Stream.Null, Stop));

        Assert.Equal(ObjectStoreFault.TooSlow, slow.Fault);
        Assert.True(slow.IsTransient);
        Assert.Contains("of 500000 bytes", slow.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_999_999)]
    public async Task A_turned_bit_is_found_by_the_etag(int at)
    {
        var store = Open();
        await store.PutAsync("object", new MemoryStream(Random(2_000_000)), Stop);
        await store.PutAsync("sound", new MemoryStream([1]), Stop);
        await store.ReadAllBytesAsync("sound", Stop);
        proxy.FaultOf = _ => new ProxyFault.Flip(at);

        var corrupt = await Assert.ThrowsAsync<ObjectStoreException>(() => store.ReadAllBytesAsync("object", Stop));

        Assert.Equal(ObjectStoreFault.Corrupt, corrupt.Fault);
        Assert.True(corrupt.IsTransient);
    }

    [Fact]
    public async Task A_record_that_came_damaged_once_is_read_again()
    {
        var store = Open();
        await store.PutAsync("record", new MemoryStream("{}"u8.ToArray()), Stop);
        var reads = 0;
        proxy.FaultOf = _ => reads++ == 0 ? new ProxyFault.Flip(0) : null;

        Assert.Equal("{}"u8.ToArray(), await store.ReadAllBytesAsync("record", Stop));

        Assert.Equal(2, reads);
    }

    [Theory]
    [InlineData("x-amz-checksum-sha256", "SHA256")]
    [InlineData("x-amz-checksum-crc32", "CRC32")]
    public async Task A_checksum_that_the_store_gives_is_compared(string header, string name)
    {
        var content = Random(100_000);
        var store = Open();
        await store.PutAsync("object", new MemoryStream(content), Stop);
        var crc = Crc32.Hash(content);
        Array.Reverse(crc);
        proxy.FaultOf = _ => new ProxyFault.Header(header, Convert.ToBase64String(name == "CRC32" ? crc : SHA256.HashData(content)));
        Assert.Equal(content, await store.ReadAllBytesAsync("object", Stop));

        proxy.FaultOf = _ => new ProxyFault.Header(header, Convert.ToBase64String(name == "CRC32" ? [1, 2, 3, 4] : SHA256.HashData([1])));
        var corrupt = await Assert.ThrowsAsync<ObjectStoreException>(() => store.ReadAllBytesAsync("object", Stop));

        Assert.Equal(ObjectStoreFault.Corrupt, corrupt.Fault);
        Assert.Contains($"its {name} is", corrupt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requester_pays_is_said_with_every_request_and_signed()
    {
        ConcurrentBag<(string Method, string Payer, bool Signed)> said = [];
        proxy.FaultOf = request =>
        {
            said.Add((request.Method, request.Headers["x-amz-request-payer"].ToString(), request.Headers.Authorization.ToString().Contains("x-amz-request-payer", StringComparison.Ordinal)));
            return null;
        };
        var store = Open(options => new S3Options
        {
            Endpoint = options.Endpoint,
            AccessKey = options.AccessKey,
            SecretKey = options.SecretKey,
            RequesterPays = true,
        });

        await store.PutAsync("object", new MemoryStream(new byte[20_000_000]), Stop);
        await store.CopyAsync("object", "copy", Stop);
        Assert.NotNull(await store.FindAsync("copy", Stop));
        Assert.Equal(2, await store.ListAsync("", Stop).CountAsync(Stop));
        await using (var content = await store.OpenReadAsync("copy", Stop))
        {
            await content.CopyToAsync(Stream.Null, Stop);
        }

        Assert.Superset(new HashSet<string> { "GET", "HEAD", "PUT", "POST" }, said.Select(request => request.Method).ToHashSet());
        Assert.All(said, request => Assert.Equal(("requester", true), (request.Payer, request.Signed)));
    }

    /// <summary>So that a test need not wait half a minute for a drip to be one.</summary>
    private static S3Options Impatient(S3Options options) => new()
    {
        Endpoint = options.Endpoint,
        AccessKey = options.AccessKey,
        SecretKey = options.SecretKey,
        MinimumBytesPerSecond = 1_000_000,
        SlowAfter = TimeSpan.FromMilliseconds(500),
    };

    private static byte[] Random(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private static async Task Patiently(Func<Task> assertion)
    {
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (ObjectStoreException outage) when (outage.Fault is ObjectStoreFault.Outage)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Stop);
            }
        }
    }

    private IObjectStore Open(Func<S3Options, S3Options>? change = null)
    {
        var options = new S3Options { Endpoint = proxy.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey };
        var stores = new ObjectStores(change?.Invoke(options) ?? options, time);
        opened.Add(stores);
        return stores.Open(location);
    }
}
