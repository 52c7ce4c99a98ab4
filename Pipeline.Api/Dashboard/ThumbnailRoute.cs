using System.Globalization;
using System.Text;
using Hangfire.Dashboard;

namespace Pipeline.Api.Dashboard;

/// <summary>Serves <see cref="RowThumbnails"/> within the dashboard, to whom the dashboard is open: a JPEG, or a placeholder where there is nothing to show.</summary>
internal sealed class ThumbnailRoute : IDashboardDispatcher
{
    public const string Pattern = $"{AnnotationJobsPage.Route}/(?<JobId>[^/]+)/shards/(?<Shard>[0-9]{{1,9}})/thumbnail";

    private const string Placeholder =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#9aa0a6" fill-opacity=".25"/><path d="M12 48l12-16 9 11 6-7 13 12z" fill="#9aa0a6"/></svg>""";

    /// <summary>Where the page finds the picture of a row.</summary>
    public static string Of(string jobId, int shard, string row) =>
        string.Create(CultureInfo.InvariantCulture, $"{AnnotationJobsPage.Route}/{jobId}/shards/{shard}/thumbnail?row={Uri.EscapeDataString(row)}");

    public async Task Dispatch(DashboardContext context)
    {
        var http = context.GetHttpContext();
        var shard = int.Parse(context.UriMatch.Groups["Shard"].ValueSpan, CultureInfo.InvariantCulture);
        var jpeg = await http.RequestServices.GetRequiredService<RowThumbnails>()
            .FindAsync(context.UriMatch.Groups["JobId"].Value, shard, http.Request.Query["row"].ToString(), http.RequestAborted);
        http.Response.ContentType = jpeg is null ? "image/svg+xml" : "image/jpeg";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        http.Response.Headers.CacheControl = "private, max-age=60";
        await http.Response.Body.WriteAsync(jpeg ?? Encoding.UTF8.GetBytes(Placeholder), http.RequestAborted);
    }
}
