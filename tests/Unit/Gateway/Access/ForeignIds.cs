using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;

namespace FlexEdit.Tests.Unit.Gateway.Access;

/// <summary>
/// Tries the ids of one tenant as another one, on every operation of the API's document that has an id in its path: each answers as for an id
/// that nobody has.
/// </summary>
/// <param name="document">Text of docs/openapi.json.</param>
/// <param name="owner">Whose ids they are.</param>
/// <param name="stranger">Who tries them.</param>
/// <param name="idOf">The owner's id for an operation, by method and path.</param>
internal sealed class ForeignIds(string document, HttpClient owner, HttpClient stranger, Func<string, string, string> idOf)
{
    private static readonly string[] s_ofOneAnswer = ["Date", "X-Request-Id", "RateLimit"];

    /// <summary>Every operation, removals last.</summary>
    private IEnumerable<(string Method, string Path, JsonNode Operation)> Operations =>
        from path in JsonNode.Parse(document)!["paths"]!.AsObject()
        where path.Key.Contains("{id}", StringComparison.Ordinal) && path.Key != "/v1/models/{id}" // Models are everybody's.
        from operation in path.Value!.AsObject()
        orderby operation.Key == "delete"
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!);

    /// <summary>Tries all. <paramref name="alike"/> says what else of two answers must be alike, by their request ids; <paramref name="withOwner"/>: that the owner gets at everything, too.</summary>
    public async Task TryAsync(Action<string, string, string>? alike = null, bool withOwner = true)
    {
        var tried = 0;
        foreach (var (method, path, operation) in Operations)
        {
            var id = idOf(method, path);
            var nobodys = Nobodys(id);
            using var foreign = await SendAsync(stranger, method, path, id, operation);
            using var unknown = await SendAsync(stranger, method, path, nobodys, operation);
            var what = $"{method} {path}";
            ((int)foreign.StatusCode).ShouldBe(404, what);
            (await BodyAsync(foreign, id)).ShouldBe(await BodyAsync(unknown, nobodys), what);
            Headers(foreign).ShouldBe(Headers(unknown), what);
            alike?.Invoke(what, RequestId(foreign), RequestId(unknown));
            tried++;
        }
        tried.ShouldBeGreaterThanOrEqualTo(19);
        if (!withOwner)
            return;
        // And they are there: their owner gets at them.
        foreach (var (method, path, operation) in Operations)
        {
            using var own = await SendAsync(owner, method, path, idOf(method, path), operation);
            ((int)own.StatusCode).ShouldBeInRange(200, 299, $"{method} {path}");
        }
    }

    private static string Nobodys(string id) => $"{id[..4]}{new string('0', 25)}{(id[^1] == 'z' ? 'y' : 'z')}";

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string id, JsonNode operation)
    {
        var address = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{index}", "0", StringComparison.Ordinal).Replace("{name}", "scene", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (operation["requestBody"]?["content"]?["application/json"] is { } body)
            request.Content = new StringContent(body["example"]?.ToJsonString() ?? "{}", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Xunit.TestContext.Current.CancellationToken);
    }

    private static async Task<string> BodyAsync(HttpResponseMessage answer, string id)
    {
        var text = await answer.Content.ReadAsStringAsync(Xunit.TestContext.Current.CancellationToken);
        return text.Replace(RequestId(answer), "REQUEST", StringComparison.Ordinal).Replace(id, "ID", StringComparison.Ordinal);
    }

    private static string RequestId(HttpResponseMessage answer) => answer.Headers.GetValues("X-Request-Id").Single();

    private static IEnumerable<string> Headers(HttpResponseMessage answer) =>
        answer.Headers.Concat(answer.Content.Headers).Where(header => !s_ofOneAnswer.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
}
