using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class ImageReaderTests
{
    private readonly FakeTimeProvider _time = new();

    private static readonly PlannedImage s_image = new("a.jpg", "s3://bucket/a.jpg", 5, "tag");

    [Theory]
    [InlineData(ObjectStoreFault.NotFound, RowFailure.SourceMissing)]
    [InlineData(ObjectStoreFault.AccessDenied, RowFailure.SourceForbidden)]
    [InlineData(ObjectStoreFault.Rejected, RowFailure.SourceUnreadable)]
    public async Task What_the_store_refuses_for_good_is_the_rows_failure(ObjectStoreFault fault, RowFailure failure)
    {
        var work = await Reader(new FaultyStore { Reads = [fault] }).ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Equal(failure, work.Failure);
        Assert.Equal("read 1", work.FailureMessage);
        Assert.Null(work.Sha256);
    }

    [Fact]
    public async Task A_moments_trouble_leaves_no_trace()
    {
        var work = await Reader(new FaultyStore { Reads = [ObjectStoreFault.Unavailable] }).ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Null(work.Failure);
        Assert.Equal(5, work.Bytes);
    }

    [Theory]
    [InlineData(ObjectStoreFault.Unavailable, RowFailure.SourceUnreadable)]
    [InlineData(ObjectStoreFault.TooSlow, RowFailure.SourceUnreadable)]
    [InlineData(ObjectStoreFault.Corrupt, RowFailure.SourceCorrupt)]
    public async Task An_object_that_fails_twice_in_a_store_that_answers_is_the_rows_failure(ObjectStoreFault fault, RowFailure failure)
    {
        var store = new FaultyStore { Reads = [fault, fault] };

        var work = await Reader(store).ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Equal(failure, work.Failure);
        Assert.Equal("read 2", work.FailureMessage);
    }

    [Theory]
    [InlineData(ObjectStoreFault.Throttled)]
    [InlineData(ObjectStoreFault.Outage)]
    public async Task Trouble_of_the_whole_store_writes_no_image_off_however_often_it_comes(ObjectStoreFault fault)
    {
        var store = new FaultyStore { Reads = [.. Enumerable.Repeat(fault, 20)] };

        var work = await Reader(store).ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Null(work.Failure);
    }

    [Fact]
    public async Task A_store_that_is_down_is_waited_for()
    {
        var store = new FaultyStore { Reads = [ObjectStoreFault.Unavailable], Listing = ObjectStoreFault.Unavailable };
        var reading = Reader(store).ReadAsync(s_image, TestContext.Current.CancellationToken);
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.False(reading.IsCompleted);

        store.Listing = null;
        await AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Null((await reading).Failure);
    }

    [Fact]
    public async Task A_store_that_is_down_for_longer_than_patience_fails_the_shard_and_writes_no_image_off()
    {
        var store = new FaultyStore { Reads = [ObjectStoreFault.Unavailable], Listing = ObjectStoreFault.Unavailable };
        var reading = Reader(store).ReadAsync(s_image, TestContext.Current.CancellationToken);

        await AdvanceAsync(TimeSpan.FromMinutes(11));

        Assert.True((await Assert.ThrowsAsync<ObjectStoreException>(() => reading)).IsTransient);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(4, RowFailure.ImageTooLarge)]
    public async Task The_limit_is_on_what_is_read_not_on_what_was_planned(long limit, RowFailure? failure)
    {
        var work = await Reader(new FaultyStore(), limit).ReadAsync(s_image with { Bytes = 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(failure, work.Failure);
    }

    [Fact]
    public async Task A_file_that_grew_or_shrank_since_it_was_planned_is_read_whole()
    {
        foreach (var planned in (long[])[0, 3, 900])
        {
            var work = await Reader(new FaultyStore()).ReadAsync(s_image with { Bytes = planned }, TestContext.Current.CancellationToken);

            Assert.Equal("bytes"u8.ToArray(), work.Encoded.ToArray());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("bytes"u8)), work.Sha256);
        }
    }

    private ImageReader Reader(IObjectStore store, long maxBytes = 1_000) =>
        new(new ImageOpener(store), maxBytes, new StorePatience(TimeSpan.FromMinutes(10), _time, NullLogger.Instance));

    /// <summary>Second by second, so that each timer that a wait sets is seen.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>A store of one object, "bytes", whose first reads fail as told.</summary>
    private sealed class FaultyStore : IObjectStore
    {
        private int _reads;

        public ObjectStoreFault[] Reads { get; init; } = [];

        public ObjectStoreFault? Listing { get; set; }

        public string Uri => "s3://bucket";

        public string UriOf(string key) => $"{Uri}/{key}";

        public Task<Stream> OpenReadAsync(string key, CancellationToken cancellationToken)
        {
            var read = _reads++;
            return read < Reads.Length
                ? throw new ObjectStoreException(Reads[read], UriOf(key), $"read {read + 1}")
                : Task.FromResult<Stream>(new MemoryStream("bytes"u8.ToArray()));
        }

        public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) => Listing is { } fault
            ? throw new ObjectStoreException(fault, Uri, "listing")
            : AsyncEnumerable.Empty<StoredObject>();

        public Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PutAsync(string key, Stream content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CopyAsync(string sourceKey, string destinationKey, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DiscardPartialWritesAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
