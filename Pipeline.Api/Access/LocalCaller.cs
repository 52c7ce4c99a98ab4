using System.Net;

namespace Pipeline.Api.Access;

/// <summary>Tells a program on this machine from one that only seems to be.</summary>
internal static class LocalCaller
{
    /// <summary>Proxies add them: behind one, everybody comes from this machine.</summary>
    private static readonly string[] s_forwarding = ["Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"];

    /// <summary>
    /// True if the connection comes from this machine, no proxy says that it passes on for another, and the name that was asked for is this machine's: a page elsewhere
    /// whose name was made to resolve to here (DNS rebinding) asks for that name.
    /// </summary>
    public static bool Is(HttpContext context) =>
        context.Connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local } && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local)
        && IsLoopback(context.Request.Host.Host)
        && !context.Request.Headers.Any(header => header.Key.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase) || s_forwarding.Contains(header.Key, StringComparer.OrdinalIgnoreCase));

    /// <param name="host">A name or an address, an IPv6 one in brackets.</param>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
