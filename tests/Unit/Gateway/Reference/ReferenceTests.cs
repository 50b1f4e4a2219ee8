using System.Net;
using System.Text.RegularExpressions;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Reference;

/// <summary>The document and the page that shows it, as they are served.</summary>
public sealed partial class ReferenceTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serves_the_document()
    {
        using var answer = await server.Client.GetAsync("/openapi/v1.json", Token);

        answer.StatusCode.ShouldBe(200);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        ((string)(await answer.BodyAsync())["openapi"]!).ShouldStartWith("3.1.");
    }

    [Fact]
    public async Task Answers_304_while_the_document_is_the_same()
    {
        using var first = await server.Client.GetAsync("/openapi/v1.json", Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await server.Client.SendAsync(request, Token);

        second.StatusCode.ShouldBe(304);
    }

    [Fact]
    public async Task The_page_takes_everything_from_this_server()
    {
        using var page = await server.Client.GetAsync("/docs", Token);
        page.StatusCode.ShouldBe(200);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        var html = await page.Content.ReadAsStringAsync(Token);

        var sources = Source().Matches(html).Select(match => match.Groups[1].Value).ToList();

        sources.Count.ShouldBeGreaterThan(3);
        sources.ShouldAllBe(source => source.StartsWith('/') && !source.StartsWith("//", StringComparison.Ordinal));
        foreach (var source in sources)
        {
            using var file = await server.Client.GetAsync(source, Token);
            file.StatusCode.ShouldBe(HttpStatusCode.OK, source);
        }
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/start.js")]
    [InlineData("/docs/swagger-ui.css")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    public async Task The_browser_is_told_to_ask_no_other_server(string path)
    {
        using var answer = await server.Client.GetAsync(path, Token);

        answer.StatusCode.ShouldBe(200);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none';");
        policy.ShouldContain("connect-src 'self'");
        policy.ShouldContain("script-src 'self';");
        policy.ShouldNotContain("http");
        policy.ShouldNotContain("*");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [GeneratedRegex("""(?:src|href)="([^"]*)["]""")]
    private static partial Regex Source();
}
