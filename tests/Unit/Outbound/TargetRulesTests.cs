using FlexEdit.Platform.Outbound;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Outbound;

public sealed class TargetRulesTests
{
    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com:8443/hook?x=a@b")]
    [InlineData("https://EXAMPLE.com./hook")]
    [InlineData("https://bücher.example/hook")]
    [InlineData("https://1.1.1.1/hook")]
    [InlineData("https://[2606:4700:4700::1111]/hook")]
    public void Takes(string url) => TargetRules.Public.WhyRefused(url).ShouldBeNull();

    [Theory]
    [InlineData("", "https")]
    [InlineData("//example.com/", "https")]
    [InlineData("example.com", "https")]
    [InlineData("https:///path", "absolute")]
    [InlineData("https://example.com\\@10.0.0.1/", "absolute")]
    [InlineData("https://exa\tmple.com/", "absolute")]
    [InlineData("https://example.com/\r\nHost: x", "absolute")]
    [InlineData(" https://example.com/", "https")]
    [InlineData("https://example.com:65536/", "absolute")]
    [InlineData("http://example.com/", "https")]
    [InlineData("file:///etc/passwd", "https")]
    [InlineData("gopher://example.com/", "https")]
    [InlineData("ftp://example.com/", "https")]
    [InlineData("data:text/plain,x", "https")]
    [InlineData("javascript:alert(1)", "https")]
    [InlineData("https://user:pass@example.com/", "user")]
    [InlineData("https://@example.com/", "user")]
    [InlineData("https://example.com:0/", "Port 0")]
    [InlineData("https://example.com:22/", "Port 22")]
    [InlineData("https://example.com:5672/", "Port 5672")]
    [InlineData("https://127.0.0.1/", "public")]
    [InlineData("https://127.1/", "public")]
    [InlineData("https://0/", "public")]
    [InlineData("https://2130706433/", "public")]
    [InlineData("https://0x7f000001/", "public")]
    [InlineData("https://0177.0.0.1/", "public")]
    [InlineData("https://0x7f.1/", "public")]
    [InlineData("https://[::1]/", "public")]
    [InlineData("https://[::ffff:127.0.0.1]/", "public")]
    [InlineData("https://[64:ff9b::7f00:1]/", "public")]
    [InlineData("https://169.254.169.254/latest/meta-data", "public")]
    public void Refuses(string url, string word) => TargetRules.Public.WhyRefused(url).ShouldNotBeNull().ShouldContain(word);

    [Fact]
    public void Refuses_a_URL_without_end() =>
        TargetRules.Public.WhyRefused("https://example.com/" + new string('a', 10_000)).ShouldNotBeNull().ShouldContain("2048");

    [Theory]
    [InlineData("http://127.0.0.1:9000/hook")]
    [InlineData("http://localhost:5000/")]
    [InlineData("https://10.0.0.3/hook")]
    public void For_development_private_targets_and_http_are_taken(string url) => TargetRules.AlsoPrivate.WhyRefused(url).ShouldBeNull();

    [Fact]
    public void Even_then_nothing_but_http() => TargetRules.AlsoPrivate.WhyRefused("file:///etc/passwd").ShouldNotBeNull();
}
