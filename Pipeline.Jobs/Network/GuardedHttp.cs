using System.Net;
using System.Net.Sockets;

namespace Pipeline.Jobs.Network;

/// <summary>HTTP to addresses that other people name: it reaches the internet, and nothing that only this machine can reach.</summary>
/// <remarks>A name is resolved once for a connection, judged, and the connection goes to the address that was judged: a name that changes in between gains nothing.</remarks>
public static class GuardedHttp
{
    private const int LargestHeadersKilobytes = 16;
    private static readonly TimeSpan s_connecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pooled = TimeSpan.FromMinutes(1);

    /// <summary>No redirects, proxies, cookies or trace headers; small headers in the answer. The time of a whole request is the caller's to bound, and so is the length of a body.</summary>
    /// <param name="internalHosts">Hosts that may lie inside, as <c>host</c> or <c>host:port</c>: the operator's own list.</param>
    public static SocketsHttpHandler CreateHandler(IReadOnlyCollection<string> internalHosts) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = LargestHeadersKilobytes,
        MaxResponseDrainSize = 0,
        ConnectTimeout = s_connecting,
        PooledConnectionLifetime = s_pooled,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            var found = await Dns.GetHostAddressesAsync(host, cancellationToken);
            var allowed = IsInternal(internalHosts, host, port) ? found : [.. found.Where(PublicAddresses.IsPublic)];
            return allowed.Length > 0 ? await ConnectAsync(allowed, port, cancellationToken) : throw new AddressRefusedException(host);
        },
    };

    /// <summary>Whether the operator allows the host to lie inside.</summary>
    public static bool IsInternal(IReadOnlyCollection<string> internalHosts, string host, int port)
    {
        ArgumentNullException.ThrowIfNull(internalHosts);
        return internalHosts.Any(entry => entry.Equals(host, StringComparison.OrdinalIgnoreCase) || entry.Equals($"{host}:{port}", StringComparison.OrdinalIgnoreCase));
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host has no address on the internet, and the operator does not allow it to lie inside.</summary>
public sealed class AddressRefusedException(string host) : Exception($"\"{host}\" has no public address: the server's operator has to allow hosts inside its network.");
