using System.Net;

namespace Pipeline.Api.Hosting;

/// <summary>Tells whether other machines can reach a server.</summary>
public static class ListenAddresses
{
    /// <param name="urls">As <c>--urls</c> takes them, ';' between them.</param>
    /// <param name="configuration">Of the host: endpoints that it names itself may be anywhere.</param>
    /// <returns>True where every address is the loopback's.</returns>
    public static bool AreOfThisMachine(string urls, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(urls);
        ArgumentNullException.ThrowIfNull(configuration);
        return !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
            && urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(IsOfThisMachine);
    }

    // "http://+:80" and "http://*:80" are no URIs, and mean every address.
    private static bool IsOfThisMachine(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && (parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(parsed.DnsSafeHost, out var address) && IPAddress.IsLoopback(address)));
}
