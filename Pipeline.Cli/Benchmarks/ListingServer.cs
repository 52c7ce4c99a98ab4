using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Cli.Benchmarks;

/// <summary>Lists a bucket of any number of images that do not exist, as S3's <c>ListObjectsV2</c> does: a thousand a page.</summary>
internal sealed class ListingServer : IAsyncDisposable
{
    private const int PageLength = 1_000;

    private readonly WebApplication _app;

    private ListingServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<ListingServer> StartAsync(int objects, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapGet("/{bucket}", (HttpRequest request) => Results.Text(Page(objects, request.Query["prefix"].ToString(), request.Query["continuation-token"].ToString()), "application/xml"));
        await app.StartAsync(cancellationToken);
        return new ListingServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Page(int objects, string prefix, string token)
    {
        var first = token.Length == 0 ? 0 : int.Parse(token, CultureInfo.InvariantCulture);
        var next = Math.Min(objects, first + PageLength);
        var page = new StringBuilder("""<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">""")
            .Append(CultureInfo.InvariantCulture, $"<Prefix>{prefix}</Prefix><MaxKeys>{PageLength}</MaxKeys><KeyCount>{next - first}</KeyCount><IsTruncated>{(next < objects ? "true" : "false")}</IsTruncated>");
        if (next < objects)
        {
            page.Append(CultureInfo.InvariantCulture, $"<NextContinuationToken>{next}</NextContinuationToken>");
        }

        for (var index = first; index < next; index++)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<Contents><Key>{prefix}{index / PageLength:00000}/{index:00000000}.jpg</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;{index:x32}&quot;</ETag><Size>50000</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }

        return page.Append("</ListBucketResult>").ToString();
    }
}
