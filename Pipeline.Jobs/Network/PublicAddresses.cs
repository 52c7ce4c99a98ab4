using System.Net;
using System.Net.Sockets;

namespace Pipeline.Jobs.Network;

/// <summary>Tells addresses of the internet from those of a machine, its network and its cloud (IANA's special-purpose registries for IPv4 and IPv6).</summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] s_internal4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Azure's host: public by number, answered by the machine under a virtual one. Those of the other clouds lie in the ranges above.
            "168.63.129.16/32",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>All that is routed. IPv4-mapped and NAT64 addresses, unique and link-local ones, loopback and multicast lie outside.</summary>
    private static readonly IPNetwork s_global6 = IPNetwork.Parse("2000::/3");

    /// <summary>Of that: protocol assignments with Teredo, documentation, and 6to4, which names an IPv4 address inside.</summary>
    private static readonly IPNetwork[] s_internal6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(text => IPNetwork.Parse(text))];

    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily is AddressFamily.InterNetwork
            ? !s_internal4.Any(network => network.Contains(address))
            // .NET compares the number inside an IPv4-mapped address with any network: ::ffff:8.8.8.8 would lie in 2000::/3.
            : !address.IsIPv4MappedToIPv6 && s_global6.Contains(address) && !s_internal6.Any(network => network.Contains(address));
    }
}
