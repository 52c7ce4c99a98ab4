using System.Net;
using Pipeline.Jobs.Network;

namespace Pipeline.Jobs.Tests.Network;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:81b::200e")]
    public void Addresses_of_the_internet_are_public(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")] // loopback
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")] // this host
    [InlineData("10.0.0.1")] // private
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")] // link-local: metadata of AWS, Azure, Google, OpenStack
    [InlineData("169.254.170.2")] // credentials of AWS's containers
    [InlineData("100.64.0.1")] // carrier-grade NAT
    [InlineData("100.100.100.200")] // metadata of Alibaba
    [InlineData("168.63.129.16")] // Azure's host
    [InlineData("192.0.0.192")] // metadata of Oracle
    [InlineData("198.18.0.1")] // benchmarking
    [InlineData("192.0.2.1")] // documentation
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("192.88.99.1")] // 6to4 relays
    [InlineData("224.0.0.1")] // multicast
    [InlineData("240.0.0.1")] // reserved
    [InlineData("255.255.255.255")] // broadcast
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")] // link-local
    [InlineData("fc00::1")] // unique local
    [InlineData("fd00:ec2::254")] // metadata of AWS
    [InlineData("fd20:ce::254")] // metadata of Google
    [InlineData("fec0::1")] // site-local
    [InlineData("ff02::1")] // multicast
    [InlineData("::ffff:127.0.0.1")] // IPv4-mapped
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::127.0.0.1")] // IPv4-compatible
    [InlineData("64:ff9b::7f00:1")] // NAT64
    [InlineData("64:ff9b:1::a00:1")]
    [InlineData("2002:7f00:1::")] // 6to4
    [InlineData("2001:0:1::1")] // Teredo
    [InlineData("2001:db8::1")] // documentation
    [InlineData("3fff::1")]
    [InlineData("100::1")] // discard
    public void All_others_are_not(string address) => Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));
}
