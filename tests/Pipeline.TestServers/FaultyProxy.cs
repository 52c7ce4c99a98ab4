using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Pipeline.TestServers;

/// <summary>An HTTP proxy in front of an S3 server that does to requests what networks and overloaded servers do, as a test tells it.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly HashSet<string> HeadersOfHops = new(StringComparer.OrdinalIgnoreCase) { "Transfer-Encoding", "Connection", "Keep-Alive", "Expect" };

    private readonly Uri target;
    private readonly WebApplication server;
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private int requests;

    private FaultyProxy(Uri target)
    {
        this.target = target;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        server = builder.Build();
        server.Run(PassOnAsync);
    }

    public Uri Endpoint => new(server.Urls.Single());

    /// <summary>The fault of each request, null for none. May be changed at any time.</summary>
    public Func<HttpRequest, ProxyFault?> FaultOf { get; set; } = _ => null;

    /// <summary>Requests that came.</summary>
    public int Requests => Volatile.Read(ref requests);

    public static async Task<FaultyProxy> StartAsync(Uri target, CancellationToken cancellationToken)
    {
        var proxy = new FaultyProxy(target);
        await proxy.server.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync();
            await server.StopAsync(now.Token);
        }

        await server.DisposeAsync();
        client.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        var fault = FaultOf(context.Request);
        if (fault is ProxyFault.Refuse(var status, var code))
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>by the proxy</Message></Error>", context.RequestAborted);
            return;
        }

        if (fault is ProxyFault.After(var act))
        {
            await act(context.RequestAborted);
        }

        using var request = Copy(context.Request);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (fault is ProxyFault.Lost(var lose))
        {
            // The one who asked may be what dies of it.
            await lose(CancellationToken.None);
            context.Abort();
            return;
        }

        CopyHead(answer, context.Response);
        if (fault is ProxyFault.Header(var name, var value))
        {
            context.Response.Headers[name] = value;
        }

        if (context.Request.Method != HttpMethods.Head)
        {
            await CopyBodyAsync(answer, context, fault);
        }
    }

    /// <summary>As it came, to the letter: path, headers and host are signed.</summary>
    private HttpRequestMessage Copy(HttpRequest request)
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var copy = new HttpRequestMessage(
            new HttpMethod(request.Method),
            new Uri(target.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0)
        {
            copy.Content = new StreamContent(request.Body);
        }

        foreach (var (name, values) in request.Headers.Where(header => !HeadersOfHops.Contains(header.Key)))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                copy.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return copy;
    }

    private static void CopyHead(HttpResponseMessage answer, HttpResponse response)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !HeadersOfHops.Contains(header.Key)))
        {
            response.Headers[name] = values.ToArray();
        }
    }

    private static async Task CopyBodyAsync(HttpResponseMessage answer, HttpContext context, ProxyFault? fault)
    {
        await using var content = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[1 << 14];
        var passed = 0;
        while (await content.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
        {
            var bytes = buffer.AsMemory(0, read);
            switch (fault)
            {
                case ProxyFault.Cut(var limit) when passed + read > limit:
                    await context.Response.Body.WriteAsync(bytes[..(limit - passed)], context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                    context.Abort();
                    return;
                case ProxyFault.Drip(var limit, var pause) when passed + read > limit:
                    await DripAsync(bytes, pause, context);
                    break;
                case ProxyFault.Flip(var at) when at >= passed && at < passed + read:
                    buffer[at - passed] ^= 1;
                    goto default;
                default:
                    await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
                    break;
            }

            passed += read;
        }
    }

    private static async Task DripAsync(ReadOnlyMemory<byte> bytes, TimeSpan pause, HttpContext context)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            await context.Response.Body.WriteAsync(bytes.Slice(i, 1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(pause, context.RequestAborted);
        }
    }
}
