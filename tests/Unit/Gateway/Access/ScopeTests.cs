using System.Text.RegularExpressions;
using FlexEdit.ApiDocument;
using FlexEdit.ApiDocument.Operations;
using FlexEdit.Contracts.Keys;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Access;

/// <summary>Every operation of the document, which names every mapped route (<see cref="Reference.DocumentTests"/>), asks for a key with the right scope.</summary>
public sealed partial class ScopeTests(KeyedServer server) : IClassFixture<KeyedServer>
{
    public static TheoryData<string, string> Operations => [.. Keyed.Select(operation => (operation.Method, operation.Path))];

    private static IEnumerable<Operation> Keyed => OpenApiDocument.Operations.Where(operation => operation.Path.StartsWith("/v1/", StringComparison.Ordinal));

    [Fact]
    public void Everything_under_v1_asks_for_a_key_and_nothing_else_does() =>
        OpenApiDocument.Operations.Where(operation => operation.NeedsKey).ShouldBe(Keyed);

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Asks_for_a_key_that_may(string method, string path)
    {
        var reads = method == "GET" && path != "/v1/webhooks/default/secret";
        using var reader = await server.ClientOfAsync("acme", KeyScopes.Read);
        using var writer = await server.ClientOfAsync("acme", KeyScopes.Write);
        using var admin = await server.ClientOfAsync("acme", KeyScopes.Admin);

        await (await SendAsync(server.Client, method, path)).ShouldBeProblemAsync(401, "unauthorized", null);
        await (await SendAsync(reads ? writer : reader, method, path)).ShouldBeProblemAsync(403, "scope_missing", null);
        ((int)(await SendAsync(reads ? reader : writer, method, path)).StatusCode).ShouldNotBeOneOf(401, 403);
        ((int)(await SendAsync(admin, method, path)).StatusCode).ShouldNotBeOneOf(401, 403);
    }

    [Fact]
    public async Task Tells_a_typing_error_from_a_key_that_is_not_good()
    {
        using var client = await server.ClientOfAsync("acme");
        var key = client.DefaultRequestHeaders.Authorization!.Parameter!;

        await (await SendAsync(server.Client, "GET", "/v1/edits", key[..^1] + (key[^1] == '7' ? '8' : '7'))).ShouldBeProblemAsync(401, "key_malformed", null);
        await (await SendAsync(server.Client, "GET", "/v1/edits", ApiKey.New())).ShouldBeProblemAsync(401, "key_unknown", null);
        ((int)(await SendAsync(server.Client, "GET", "/v1/edits", key)).StatusCode).ShouldBe(200);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? key = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), Parameter().Replace(path, "none"));
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
