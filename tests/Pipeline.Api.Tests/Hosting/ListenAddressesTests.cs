using Microsoft.Extensions.Configuration;
using Pipeline.Api.Hosting;

namespace Pipeline.Api.Tests.Hosting;

public sealed class ListenAddressesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080;http://[::1]:5080", true)]
    [InlineData("http://127.9.9.9:0", true)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://0.0.0.0:80", false)]
    [InlineData("http://[::]:80", false)]
    [InlineData("http://127.0.0.1:5080;http://10.0.0.1:5080", false)]
    [InlineData("http://localhost.example.com", false)]
    public void Only_the_loopback_is_this_machine_alone(string urls, bool isAlone) =>
        Assert.Equal(isAlone, ListenAddresses.AreOfThisMachine(urls, new ConfigurationBuilder().Build()));

    [Fact]
    public void Endpoints_of_the_configuration_may_be_anywhere()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Kestrel:Endpoints:More:Url", "http://0.0.0.0:80")]).Build();

        Assert.False(ListenAddresses.AreOfThisMachine("http://127.0.0.1:5080", configuration));
    }
}
