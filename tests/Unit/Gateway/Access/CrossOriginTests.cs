using FlexEdit.Gateway.Hosting;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Access;

public sealed class CrossOriginTests(CrossOriginTests.Server server, KeyedServer closed) : IClassFixture<CrossOriginTests.Server>, IClassFixture<KeyedServer>
{
    private const string Origin = "https://app.example.org";

    [Fact]
    public async Task Answers_a_browsers_question_without_a_key()
    {
        using var answer = await AskAsync(server.Client, Origin);

        answer.StatusCode.ShouldBe(204);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Origin]);
        answer.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("idempotency-key", Case.Insensitive);
        answer.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("DELETE");
    }

    [Theory]
    [InlineData("/v1/edits", 401)]
    [InlineData("/v1/limits", 401)]
    public async Task Lets_its_pages_read_every_answer_problems_too(string path, int status)
    {
        using var answer = await SendAsync(server.Client, path, Origin);

        answer.StatusCode.ShouldBe(status);
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Origin]);
        answer.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("RateLimit");
        answer.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    [Fact]
    public async Task Lets_no_others_and_nothing_but_the_api()
    {
        using var other = await SendAsync(server.Client, "/v1/edits", "https://evil.example.org");
        using var asked = await AskAsync(server.Client, "https://evil.example.org");
        using var page = await SendAsync(server.Client, "/", Origin);

        foreach (var answer in new[] { other, asked, page })
            answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Is_off_without_origins()
    {
        using var answer = await SendAsync(closed.Client, "/v1/edits", Origin);
        using var asked = await AskAsync(closed.Client, Origin);

        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        asked.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Theory]
    [InlineData("app.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("ftp://app.example.org")]
    public void Names_an_origin_that_is_none(string origin) =>
        new GatewayOptions { CorsOrigins = { origin } }.Faults().ShouldBe(
            [$"FLEXEDIT__Gateway__CorsOrigins has '{origin}'; an origin is scheme, host and port, for instance https://app.example.org, or '*' for all."]);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/edits");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,idempotency-key");
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public sealed class Server : KeyedServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?>(base.Settings) { ["FlexEdit:Gateway:CorsOrigins:0"] = Origin };
    }
}
