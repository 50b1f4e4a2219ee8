using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

public class AnswersTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/nothing", 404, "not_found")]
    [InlineData("GET", "/v1/nothing", 404, "not_found")]
    [InlineData("GET", "/v1/edits/edt_01j00000000000000000000000", 404, "not_found")]
    [InlineData("GET", "/v1/edits/edt_01j00000000000000000000000/events", 404, "not_found")]
    [InlineData("GET", "/v1/edits/%2e%2e/events", 404, "not_found")]
    [InlineData("GET", "/v1/models/none", 404, "not_found")]
    [InlineData("GET", "/v1/models/..%2f..", 404, "not_found")]
    [InlineData("PATCH", "/v1/edits", 405, "method_not_allowed")]
    [InlineData("POST", "/v1/models", 405, "method_not_allowed")]
    [InlineData("DELETE", "/v1/limits", 405, "method_not_allowed")]
    [InlineData("POST", "/", 405, "method_not_allowed")]
    public async Task Every_failure_is_a_problem(string method, string path, int status, string code)
    {
        using var answer = await SendAsync(method, path);
        await answer.ShouldBeProblemAsync(status, code, null);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/studio.js")]
    [InlineData("/v1/limits")]
    [InlineData("/nothing")]
    [InlineData("/healthz/live")]
    public async Task Every_answer_tells_browsers_not_to_guess(string path)
    {
        using var answer = await SendAsync("GET", path);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("my-id.7", true)]
    [InlineData("a b", false)]
    [InlineData("<script>", false)]
    public async Task Takes_over_a_harmless_request_id(string given, bool taken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/limits");
        request.Headers.TryAddWithoutValidation("X-Request-Id", given);
        using var answer = await server.Client.SendAsync(request, Token);
        var id = answer.Headers.GetValues("X-Request-Id").Single();
        (id == given).ShouldBe(taken);
        id.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task States_its_limits()
    {
        using var answer = await SendAsync("GET", "/v1/limits");
        var limits = await answer.BodyAsync();
        ((long)limits["picture"]!["max_bytes"]!, (long)limits["picture"]!["max_pixels"]!, (int)limits["picture"]!["max_side"]!).ShouldBe((200_000, 50_000_000, 16_384));
        ((int)limits["instruction"]!["max_code_points"]!, (int)limits["metadata"]!["max_pairs"]!, (int)limits["results"]!["max_n"]!).ShouldBe((2000, 16, 4));
    }

    [Fact]
    public async Task Shows_the_models()
    {
        using var list = await SendAsync("GET", "/v1/models");
        var models = await list.BodyAsync();
        ((string)models["object"]!, (bool)models["has_more"]!).ShouldBe(("list", false));
        using var one = await SendAsync("GET", $"/v1/models/{Cards.Model}");
        var card = await one.BodyAsync();
        card.ToJsonString().ShouldBe(models["data"]![0]!.ToJsonString());
        ((string)card["id"]!, (string)card["object"]!, (string)card["status"]!, (int)card["defaults"]!["steps"]!).ShouldBe((Cards.Model, "model", "ready", 8));
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task Says_that_it_is_well(string path)
    {
        using var answer = await SendAsync("GET", path);
        answer.StatusCode.ShouldBe(200);
        ((string)(await answer.BodyAsync())["status"]!).ShouldBe("ok");
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/studio.css", "text/css")]
    [InlineData("/studio.js", "text/javascript")]
    [InlineData("/mask.js", "text/javascript")]
    [InlineData("/live.js", "text/javascript")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task Serves_the_page_and_says_when_it_has_not_changed(string path, string type)
    {
        using var answer = await SendAsync("GET", path);
        answer.StatusCode.ShouldBe(200);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await server.Client.SendAsync(again, Token);
        unchanged.StatusCode.ShouldBe(304);
    }

    [Fact]
    public async Task The_page_asks_nobody_else_and_has_no_script_in_it()
    {
        var page = await server.Client.GetStringAsync("/", Token);
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.ShouldNotContain("style=");
        System.Text.RegularExpressions.Regex.Matches(page, "<script[^>]*>").ShouldAllBe(tag => tag.Value.Contains("src="));
        System.Text.RegularExpressions.Regex.IsMatch(page, @"\son[a-z]+=").ShouldBeFalse();
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path) =>
        server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Token);
}
