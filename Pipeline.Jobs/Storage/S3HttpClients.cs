using Amazon.Runtime;

namespace Pipeline.Jobs.Storage;

/// <summary>HTTP for the S3 client: one pool of connections a client, and uploads that leave their connection in step.</summary>
internal sealed class S3HttpClients : HttpClientFactory
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Names behind which servers come and go are looked up again this often.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(new SmallBodiesAtOnce(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
        }))
        {
            Timeout = S3Clients.RequestTimeout,
        };

    /// <summary>
    /// Sends bodies up to 1 KiB without asking first (Expect: 100-continue, which the SDK sets on every upload). .NET sends a body that small
    /// even after the server has refused, and a server that said no before the body (Ceph does) takes it for the next request: that one
    /// is answered with a bare 400, whoever sends it.
    /// </summary>
    private sealed class SmallBodiesAtOnce(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const int SmallBody = 1024;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { Headers.ContentLength: <= SmallBody })
            {
                request.Headers.ExpectContinue = false;
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
