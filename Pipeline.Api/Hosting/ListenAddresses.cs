using Pipeline.Api.Access;
using Pipeline.Jobs.State;

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
            && FirstOpen(urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) is null;
    }

    /// <param name="addresses">As Kestrel takes them: "http://+:80" and "http://*:80" are no URIs, and mean every address.</param>
    /// <returns>The first that is not the loopback's, or null.</returns>
    /// <exception cref="StorageException">One is no address.</exception>
    internal static string? FirstOpen(IEnumerable<string> addresses) => addresses.FirstOrDefault(address => !LocalCaller.IsLoopback(HostOf(address)));

    private static string HostOf(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Host;
        }
        catch (FormatException)
        {
            throw new StorageException($"\"{address}\" is no address to listen on: write one like \"http://127.0.0.1:5080\".");
        }
    }
}
