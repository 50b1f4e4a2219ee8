using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Platform.Problems;
using FlexEdit.Tests.Unit.Gateway.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

/// <summary>Pictures by URL, from a server whose answers a test chooses (groups 33 to 39).</summary>
public sealed class FetchTests(FetchTests.Server server, GatewayServer strict) : IClassFixture<FetchTests.Server>, IClassFixture<GatewayServer>, IAsyncLifetime
{
    private WebApplication _origin = null!;
    private int _asked;
    private int _onceAsked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Origin => _origin.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _origin = builder.Build();
        _origin.Run(AnswerAsync);
        await _origin.StartAsync();
    }

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Fact]
    public async Task Edits_pictures_by_their_URLs_in_JSON_and_in_a_form()
    {
        using var json = await SubmitAsync($"{Origin}/scene", ("mask", $"{Origin}/mask"), ("subject", $"{Origin}/scene?2"));
        json.StatusCode.ShouldBe(202);
        using var form = Form(("scene", $"{Origin}/scene"), ("mask", Pictures.Mask()), ("instruction", "remove it"));
        using var posted = await server.Client.PostEditAsync(form);
        posted.StatusCode.ShouldBe(202);

        var scene = (await json.BodyAsync())["inputs"]!["scene"]!;
        ((int)scene["width"]!, (string)scene["sha256"]!).ShouldBe((Pictures.Width, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Pictures.Scene()))));
        ((string)(await posted.BodyAsync())["inputs"]!["scene"]!["asset"]!).ShouldBe((string)scene["asset"]!);
        _asked.ShouldBe(4);
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_a_picture_by_its_URL_as_an_asset()
    {
        using var answer = await server.Client.PostAsync("/v1/assets", Json($$"""{"file":"{{Origin}}/scene?asset"}"""), Token);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        ((int)(await answer.BodyAsync())["height"]!).ShouldBe(Pictures.Height);
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_the_same_edit_whatever_the_URL_brings()
    {
        using var first = await SubmitAsync($"{Origin}/changing", key: "url");
        using var second = await SubmitAsync($"{Origin}/changing", key: "url");
        using var other = await SubmitAsync($"{Origin}/scene", key: "url");

        ((string)(await second.BodyAsync())["id"]!).ShouldBe((string)(await first.BodyAsync())["id"]!);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        await other.ShouldBeProblemAsync(422, "idempotency_key_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task The_first_answer_stands_when_the_URL_is_dead()
    {
        using var first = await SubmitAsync($"{Origin}/once", key: "dead");
        first.StatusCode.ShouldBe(202);

        using var again = await SubmitAsync($"{Origin}/once", key: "dead");

        again.StatusCode.ShouldBe(202);
        again.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        ((string)(await again.BodyAsync())["id"]!).ShouldBe((string)(await first.BodyAsync())["id"]!);
        _onceAsked.ShouldBe(1);
        using var other = await SubmitAsync($"{Origin}/once", key: "alive");
        await other.ShouldBeProblemAsync(422, "url_fetch_failed", "scene");
    }

    [Fact]
    public async Task Follows_three_redirects_and_no_fourth()
    {
        using var three = await SubmitAsync($"{Origin}/redirect/3");
        three.StatusCode.ShouldBe(202);
        using var four = await SubmitAsync($"{Origin}/redirect/4");
        await four.ShouldBeProblemAsync(422, "url_fetch_failed", "scene");
    }

    [Theory]
    [InlineData("/missing", "url_fetch_failed", 422)]
    [InlineData("/broken", "url_fetch_failed", 422)]
    [InlineData("/loop", "url_fetch_failed", 422)]
    [InlineData("/to?file:///etc/passwd", "url_fetch_failed", 422)]
    [InlineData("/to?ftp://127.0.0.1/x.png", "url_fetch_failed", 422)]
    [InlineData("/to?https://a:b@127.0.0.1/", "url_fetch_failed", 422)]
    [InlineData("/nowhere", "url_fetch_failed", 422)]
    [InlineData("/no-content", "url_fetch_failed", 422)]
    [InlineData("/gzip", "url_fetch_failed", 422)]
    [InlineData("/cut", "url_fetch_failed", 422)]
    [InlineData("/drip", "url_fetch_failed", 422)]
    [InlineData("/silence", "url_fetch_failed", 422)]
    [InlineData("/html", "unsupported_image", 415)]
    [InlineData("/endless", "payload_too_large", 413)]
    [InlineData("/nothing", "invalid_image", 422)]
    public async Task Refuses_what_brings_no_picture_and_passes_nothing_on(string path, string code, int status)
    {
        using var answer = await SubmitAsync(Origin + path);
        var problem = await answer.ShouldBeProblemAsync(status, code, "scene");
        problem.ToJsonString().ShouldNotContain("secret");
        server.UploadsLeft.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_a_server_that_is_not_there()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var answer = await SubmitAsync($"http://127.0.0.1:{port}/x.png");
        await answer.ShouldBeProblemAsync(422, "url_fetch_failed", "scene");
    }

    [Theory]
    [InlineData("http://example.org/x.png")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://example.org:22/")]
    [InlineData("https://a@example.org/")]
    [InlineData("https://example.org\\@127.0.0.1/")]
    [InlineData("https://exa\tmple.org/")]
    [InlineData("https://")]
    [InlineData("https:///etc/passwd")]
    [InlineData("http:example.org")]
    public async Task Refuses_a_URL_by_the_rules_of_webhooks(string url)
    {
        using var answer = await strict.Client.PostEditAsync(Json(Edit(url).ToJsonString()));
        await answer.ShouldBeProblemAsync(422, "invalid_url", "scene");
        using var form = GoodForm(("mask", url));
        using var mask = await strict.Client.PostEditAsync(form);
        await mask.ShouldBeProblemAsync(422, "invalid_url", "mask");
    }

    [Fact]
    public async Task Tells_a_private_host_from_none_in_no_way()
    {
        var details = new List<string>();
        foreach (var addresses in new IPAddress[][] { [IPAddress.Loopback], [IPAddress.Parse("10.1.2.3")], [] })
        {
            var asked = new List<string>();
            using var fetch = new FetchPicture(Options.Create(new GatewayOptions()), TimeProvider.System, (host, _) =>
            {
                asked.Add(host);
                return Task.FromResult(addresses);
            });
            var problem = (await Should.ThrowAsync<ProblemException>(() => fetch.RunAsync("scene", "https://metadata.google.internal/x.png", null!, Token))).Problem;
            (problem.Status, problem.Code).ShouldBe((422, "url_fetch_failed"));
            asked.ShouldBe(["metadata.google.internal"]);
            details.Add(problem.Detail);
        }

        details.Distinct().ShouldHaveSingleItem();
    }

    private static JsonObject Edit(string scene) => new()
    {
        ["scene"] = scene,
        ["mask_shapes"] = new JsonArray(new JsonObject { ["type"] = "circle", ["cx"] = 12, ["cy"] = 12, ["r"] = 6 }),
        ["instruction"] = "remove the chair",
    };

    private async Task<HttpResponseMessage> SubmitAsync(string scene, (string, string)? mask = null, (string, string)? subject = null, string? key = null)
    {
        var body = Edit(scene);
        if (mask is var (name, url))
        {
            body.Remove("mask_shapes");
            body[name] = url;
        }
        if (subject is var (other, picture))
            body[other] = picture;
        return await server.Client.PostEditAsync(Json(body.ToJsonString()), key is null ? [] : [("Idempotency-Key", key)]);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (response, path) = (context.Response, context.Request.Path.Value!);
        var asked = Interlocked.Increment(ref _asked);
        switch (path)
        {
            case "/scene":
                response.ContentType = "text/html"; // The bytes say what it is.
                await response.Body.WriteAsync(Pictures.Scene(), Token);
                break;
            case "/changing":
                await response.Body.WriteAsync(Pictures.Scene(Pictures.Width + asked), Token);
                break;
            case "/once" when Interlocked.Increment(ref _onceAsked) == 1:
                await response.Body.WriteAsync(Pictures.Scene(), Token);
                break;
            case "/once":
                response.StatusCode = 404;
                break;
            case "/mask":
                await response.Body.WriteAsync(Pictures.Mask(), Token);
                break;
            case var redirect when redirect.StartsWith("/redirect/", StringComparison.Ordinal):
                var left = redirect[^1] - '0';
                response.Redirect(left == 1 ? "/scene" : $"/redirect/{left - 1}");
                break;
            case "/loop":
                response.Redirect("/loop");
                break;
            case "/to":
                response.Headers.Location = context.Request.QueryString.Value![1..];
                response.StatusCode = 302;
                break;
            case "/nowhere":
                response.StatusCode = 307;
                break;
            case "/no-content":
                response.StatusCode = 204;
                break;
            case "/broken":
                response.StatusCode = 500;
                await response.WriteAsync("secret", Token);
                break;
            case "/html":
                response.ContentType = "image/png";
                await response.WriteAsync("<html>secret</html>", Token);
                break;
            case "/gzip":
                response.Headers.ContentEncoding = "gzip";
                await response.Body.WriteAsync(Pictures.Scene(), Token);
                break;
            case "/cut":
                response.ContentLength = 100_000;
                await response.Body.WriteAsync(Pictures.Scene().AsMemory(0, 40), Token);
                context.Abort();
                break;
            case "/endless":
                var block = new byte[64 * 1024];
                while (!context.RequestAborted.IsCancellationRequested)
                    await response.Body.WriteAsync(block, Token);
                break;
            case "/drip":
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await response.Body.WriteAsync(new byte[1], Token);
                    await response.Body.FlushAsync(Token);
                    await Task.Delay(50, Token);
                }
                break;
            case "/silence":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            case "/nothing":
                break;
            default:
                response.StatusCode = 404;
                await response.WriteAsync("secret", Token);
                break;
        }
    }

    public sealed class Server : GatewayServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
        {
            ["FlexEdit:Gateway:AllowPrivateTargets"] = "true",
            ["FlexEdit:Gateway:FetchTimeout"] = "00:00:02",
        };
    }
}
