using System.Net;
using Pipeline.Jobs.Commit;
using Pipeline.Jobs.Previews;
using Pipeline.Jobs.Storage;

namespace Pipeline.Api.Tests.Dashboard;

/// <summary>An API by itself, without a decoder and without the source, serves what workers left beside the commits.</summary>
public sealed class RowThumbnailsTests
{
    private static readonly byte[] s_jpeg = [0xff, 0xd8, 1, 2, 3, 0xff, 0xd9];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_with_a_picture_are_served_it_and_all_others_a_placeholder()
    {
        await using var host = await ApiHost.StartAsync();
        var id = await host.SubmitAsync();
        host.Plan(id, shards: 2, rows: 10);
        using var stores = new ObjectStores(new S3Options(), TimeProvider.System);
        var output = stores.Open(Path.Combine(host.Folder, "out"));
        await ShardPreviews.Of([new("shards/a b&c.jpg", s_jpeg)]).WriteAsync(output, 1, Token);
        await output.PutAsync(OutputLayout.PreviewsOf(0), new MemoryStream("damaged"u8.ToArray()), Token);

        // Nothing is left of the source.
        Directory.Delete(Path.Combine(host.Folder, "in"), recursive: true);

        using var picture = await host.GetAsync($"/hangfire/annotation-jobs/{id}/shards/1/thumbnail?row=shards%2Fa%20b%26c.jpg");
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (picture.StatusCode, picture.Content.Headers.ContentType?.MediaType));
        Assert.Equal(s_jpeg, await picture.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(["nosniff"], picture.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["default-src 'none'"], picture.Headers.GetValues("Content-Security-Policy"));

        foreach (var path in (string[])[$"{id}/shards/1/thumbnail?row=b.jpg", $"{id}/shards/1/thumbnail", $"{id}/shards/0/thumbnail?row=a.jpg", $"{id}/shards/999999999/thumbnail?row=a.jpg", "job-0/shards/1/thumbnail?row=a.jpg"])
        {
            using var placeholder = await host.GetAsync($"/hangfire/annotation-jobs/{path}");
            Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (placeholder.StatusCode, placeholder.Content.Headers.ContentType?.MediaType));
        }
    }
}
