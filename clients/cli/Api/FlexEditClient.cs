using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Cli.Api;

/// <summary>A typed client of the public API.</summary>
/// <exception cref="ApiException">Every method: the server refused.</exception>
/// <exception cref="ServerUnreachableException">Every method: nobody answers.</exception>
public sealed class FlexEditClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of one server.</summary>
    /// <param name="server">Its address, without <c>/v1</c>.</param>
    /// <param name="apiKey">Sent as a bearer token; null for a server without keys.</param>
    /// <param name="handler">Null for the usual one; kept open.</param>
    public FlexEditClient(Uri server, string? apiKey = null, HttpMessageHandler? handler = null)
    {
        Server = server;
        _http = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: false);
        _http.BaseAddress = server;
        _http.Timeout = Timeout.InfiniteTimeSpan; // an event stream lasts as long as its edit
        if (!string.IsNullOrEmpty(apiKey))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>The server's address.</summary>
    public Uri Server { get; }

    /// <summary>Submits an edit; answered once it is durable.</summary>
    public async Task<EditJob> SubmitAsync(NewEdit edit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = edit.ToContent() };
        return await ReadAsync<EditJob>(request, cancellationToken);
    }

    /// <summary>The edit as it is now.</summary>
    public Task<EditJob> GetAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync<EditJob>(Get(Path(id)), cancellationToken);

    /// <summary>Asks to cancel; the answer may still be <c>canceling</c>.</summary>
    public Task<EditJob> CancelAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync<EditJob>(new HttpRequestMessage(HttpMethod.Post, $"{Path(id)}/cancel"), cancellationToken);

    /// <summary>Lets an edit that awaits approval go on, corrected where <paramref name="approval"/> says so.</summary>
    public async Task<EditJob> ApproveAsync(string id, EditApproval approval, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Path(id)}/approve") { Content = approval.ToContent() };
        return await ReadAsync<EditJob>(request, cancellationToken);
    }

    /// <summary>One page of edits, newest first.</summary>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="after">Cursor of the page before; null for the first page.</param>
    /// <param name="limit">Edits a page; null for the server's default.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<Page<EditJob>> ListAsync(string? status, string? after, int? limit, CancellationToken cancellationToken)
    {
        var query = new List<string>();
        if (status is not null)
            query.Add($"status={Uri.EscapeDataString(status)}");
        if (after is not null)
            query.Add($"after={Uri.EscapeDataString(after)}");
        if (limit is not null)
            query.Add($"limit={limit}");
        return ReadAsync<Page<EditJob>>(Get("/v1/edits" + (query.Count == 0 ? "" : "?" + string.Join('&', query))), cancellationToken);
    }

    /// <summary>The models' cards.</summary>
    public Task<Page<JsonElement>> ListModelsAsync(CancellationToken cancellationToken) =>
        ReadAsync<Page<JsonElement>>(Get("/v1/models"), cancellationToken);

    /// <summary>The answer's JSON as it came.</summary>
    public Task<JsonElement> GetJsonAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync<JsonElement>(Get(path), cancellationToken);

    /// <summary>The upright scene as the server decoded it (PNG).</summary>
    public Task<byte[]> DownloadSceneAsync(string id, CancellationToken cancellationToken) =>
        DownloadAsync($"{Path(id)}/inputs/scene", cancellationToken);

    /// <summary>The mask as the server used it (PNG).</summary>
    public Task<byte[]> DownloadMaskAsync(string id, CancellationToken cancellationToken) =>
        DownloadAsync($"{Path(id)}/inputs/mask", cancellationToken);

    /// <summary>The bytes behind a path or URL of this server.</summary>
    public async Task<byte[]> DownloadAsync(string url, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(Get(url), cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Opens the event stream of an edit.</summary>
    /// <param name="id">The edit.</param>
    /// <param name="lastEventId">Only what came after this event; null for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<HttpResponseMessage> OpenEventsAsync(string id, string? lastEventId, CancellationToken cancellationToken)
    {
        var request = Get($"{Path(id)}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return SendAsync(request, cancellationToken);
    }

    /// <summary>Whether the server is up and its models are loaded.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/healthz/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Path(string id) => $"/v1/edits/{Uri.EscapeDataString(id)}";

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellationToken)
            ?? throw new JsonException("The server's answer was empty.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException problem)
        {
            throw new ServerUnreachableException(Server, problem);
        }
        finally
        {
            request.Dispose();
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await ApiException.FromAsync(response, cancellationToken);
    }
}
