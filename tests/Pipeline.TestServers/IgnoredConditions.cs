using Microsoft.AspNetCore.Http;

namespace Pipeline.TestServers;

/// <summary>An S3 server that takes no notice of <c>If-None-Match: *</c>, as some do.</summary>
public static class IgnoredConditions
{
    /// <summary>The server behind a proxy that makes room for every conditional write: it then succeeds, whatever was there.</summary>
    public static async Task<FaultyProxy> StartWithoutConditionsAsync(this CephS3Server server, CancellationToken cancellationToken)
    {
        var proxy = await FaultyProxy.StartAsync(server.Endpoint, cancellationToken);
        proxy.FaultOf = request => request.Method == HttpMethods.Put && request.Headers.IfNoneMatch == "*"
            ? new ProxyFault.After(token => DeleteAsync(server, request.Path.Value!, token))
            : null;
        return proxy;
    }

    private static async Task DeleteAsync(CephS3Server server, string path, CancellationToken cancellationToken)
    {
        var parts = path.TrimStart('/').Split('/', 2);
        using var client = server.CreateClient();
        await client.DeleteObjectAsync(parts[0], parts[1], cancellationToken);
    }
}
