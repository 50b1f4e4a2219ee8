using FlexEdit.Gateway.Access;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

public class AddressesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.0.0.2:8080", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("https://[::1]:8080", true)]
    [InlineData("http://unix:/run/flexedit.sock", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://192.168.1.2:8080", false)]
    [InlineData("http://example.org:8080", false)]
    [InlineData("http://localhost.example.org", false)]
    [InlineData("nonsense", false)]
    public void Tells_local_addresses_from_others(string address, bool local) => Addresses.IsLocal(address).ShouldBe(local);

    [Theory]
    [InlineData("urls", "http://127.0.0.1:1;http://*:2", "http://127.0.0.1:1|http://*:2")]
    [InlineData("http_ports", "8080", "http://*:8080")]
    [InlineData("Kestrel:Endpoints:A:Url", "http://0.0.0.0:3", "http://0.0.0.0:3")]
    [InlineData("other", "x", "")]
    public void Finds_the_addresses_that_the_settings_ask_for(string key, string value, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }).Build();
        string.Join('|', Addresses.Configured(configuration)).ShouldBe(expected);
    }
}
