using System.Security.Cryptography;
using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Storage;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

public sealed class ImageReaderTests
{
    private static readonly PlannedImage s_image = new("a.jpg", "s3://bucket/a.jpg", 5, "tag");

    [Theory]
    [InlineData(ObjectStoreFault.NotFound, RowFailure.SourceMissing)]
    [InlineData(ObjectStoreFault.AccessDenied, RowFailure.SourceForbidden)]
    [InlineData(ObjectStoreFault.Rejected, RowFailure.SourceUnreadable)]
    public async Task What_the_store_refuses_for_good_is_the_rows_failure(ObjectStoreFault fault, RowFailure failure)
    {
        var work = await new ImageReader(new ImageOpener(new FaultyStore { Reads = [fault] }), 1_000).ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Equal(failure, work.Failure);
        Assert.Equal("read 1", work.FailureMessage);
        Assert.Null(work.Sha256);
    }

    [Fact]
    public async Task A_moments_trouble_leaves_no_trace()
    {
        var work = await new ImageReader(new ImageOpener(new FaultyStore { Reads = [ObjectStoreFault.Unavailable] }), 1_000)
            .ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Null(work.Failure);
        Assert.Equal(5, work.Bytes);
    }

    [Fact]
    public async Task An_object_that_stays_unavailable_in_a_store_that_answers_is_unreadable()
    {
        var store = new FaultyStore { Reads = [ObjectStoreFault.Unavailable, ObjectStoreFault.Unavailable] };

        var work = await new ImageReader(new ImageOpener(store), 1_000).ReadAsync(s_image, TestContext.Current.CancellationToken);

        Assert.Equal(RowFailure.SourceUnreadable, work.Failure);
        Assert.Equal("read 2", work.FailureMessage);
    }

    [Fact]
    public async Task A_store_that_is_down_fails_the_shard_and_writes_no_image_off()
    {
        var store = new FaultyStore { Reads = [ObjectStoreFault.Unavailable], Listing = ObjectStoreFault.Unavailable };

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => new ImageReader(new ImageOpener(store), 1_000).ReadAsync(s_image, TestContext.Current.CancellationToken));

        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(4, RowFailure.ImageTooLarge)]
    public async Task The_limit_is_on_what_is_read_not_on_what_was_planned(long limit, RowFailure? failure)
    {
        var work = await new ImageReader(new ImageOpener(new FaultyStore()), limit).ReadAsync(s_image with { Bytes = 1 }, TestContext.Current.CancellationToken);

        Assert.Equal(failure, work.Failure);
    }

    [Fact]
    public async Task A_file_that_grew_or_shrank_since_it_was_planned_is_read_whole()
    {
        foreach (var planned in (long[])[0, 3, 900])
        {
            var work = await new ImageReader(new ImageOpener(new FaultyStore()), 1_000).ReadAsync(s_image with { Bytes = planned }, TestContext.Current.CancellationToken);

            Assert.Equal("bytes"u8.ToArray(), work.Encoded.ToArray());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("bytes"u8)), work.Sha256);
        }
    }

    /// <summary>A store of one object, "bytes", whose first reads fail as told.</summary>
    private sealed class FaultyStore : IObjectStore
    {
        private int _reads;

        public ObjectStoreFault[] Reads { get; init; } = [];

        public ObjectStoreFault? Listing { get; init; }

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
