using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using FlexEdit.Tests.EndToEnd.Hosting;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>A server of its own with simulated engines, keys, limits, little memory, and two tenants that have something of everything.</summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    private const string Token = "a-token-of-this-test-alone-0123456789";
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-fuzz").FullName;
    private ServerProcess? _process;

    public ServerProcess Process => _process ?? throw new InvalidOperationException("Start it first.");

    /// <summary>Temporary files of requests that are there now.</summary>
    public IEnumerable<string> Uploads => Directory.EnumerateFiles(Directory.CreateDirectory(Path.Combine(_folder, "uploads")).FullName, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "lock"); // The process's own.

    public async Task StartAsync() => _process = await ServerProcess.StartAsync(
        Path.Combine(_folder, "data"),
        ("FLEXEDIT__Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")),
        ("FLEXEDIT__Models__Default", "simulated"),
        ("FLEXEDIT__Understanding__Engine", "simulated"),
        ("FLEXEDIT__Generation__Engine", "simulated"),
        ("FLEXEDIT__Generation__Simulation__StepTime", "00:00:00"),
        ("FLEXEDIT__Storage__RetryGap", "00:00:00.010"),
        ("FLEXEDIT__Gateway__Keys", "required"),
        ("FLEXEDIT__Gateway__TempFolder", Directory.CreateDirectory(Path.Combine(_folder, "uploads")).FullName),
        // A loaded machine is no reason to refuse.
        ("FLEXEDIT__Gateway__SubmitTimeout", "00:00:20"),
        ("FLEXEDIT__Limits__RequestsPerMinute", "1000000"),
        ("FLEXEDIT__Limits__EditsInFlight", "1000000"),
        ("FLEXEDIT__Internal__Token", Token),
        // What piles up ends the server instead of making it slow.
        ("DOTNET_GCHeapHardLimit", "0x14000000"));

    /// <summary>A client of a new tenant that has an ended, a paused and a canceled edit, assets, a batch, an endpoint and a delivery.</summary>
    public async Task<HttpClient> TenantAsync(string name, KnownIds ids, CancellationToken cancellationToken)
    {
        using var wish = new HttpRequestMessage(HttpMethod.Post, new Uri(Process.Address, "internal/keys"))
        {
            Content = JsonContent.Create(new CreateKey { Tenant = name, Scopes = [KeyScopes.Read, KeyScopes.Write] }, options: ContractJson.Options),
            Headers = { { "X-FlexEdit-Internal-Token", Token } },
        };
        using var made = await Process.Http.SendAsync(wish, cancellationToken);
        var key = (string)JsonNode.Parse(await made.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken))!["key"]!;
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        var client = new HttpClient(handler) { BaseAddress = Process.Address, Timeout = TimeSpan.FromMinutes(2), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

        var picture = $"data:image/png;base64,{Convert.ToBase64String(Pictures.Scenes.PhotographPng(64, 64))}";
        var edit = new JsonObject { ["scene"] = picture, ["mask_shapes"] = new JsonArray(new JsonObject { ["type"] = "circle", ["cx"] = 32, ["cy"] = 32, ["r"] = 14 }), ["instruction"] = "remove it" };
        await PostAsync("/v1/assets", new JsonObject { ["file"] = picture });
        var hook = (string)(await PostAsync("/v1/webhooks", new JsonObject { ["url"] = "https://hooks.invalid/x", ["events"] = new JsonArray("edit.expired") }))["id"]!;
        await PostAsync($"/v1/webhooks/{hook}/test", null);
        ids.Learn(await client.GetStringAsync($"/v1/webhooks/{hook}/deliveries", cancellationToken));
        for (var i = 0; i < 4; i++)
        {
            var done = (string)(await PostAsync("/v1/edits", edit))["id"]!;
            while (JsonNode.Parse(await client.GetStringAsync($"/v1/edits/{done}?wait=5", cancellationToken))!["completed_at"] is null)
            {
            }
        }
        await PostAsync($"/v1/edits/{(string)(await PostAsync("/v1/edits", With("pause_after", "understanding")))["id"]!}/cancel", null);
        for (var i = 0; i < 4; i++)
            await PostAsync("/v1/edits", With("pause_after", "understanding"));
        await PostAsync("/v1/batches", new JsonObject { ["requests"] = new JsonArray(edit.DeepClone()) });
        var versions = JsonNode.Parse(await client.GetStringAsync("/v1/models/flexedit/simulated/versions", cancellationToken))!;
        ids.Know(ValueMaker.Version, (string)versions["results"]![0]!["id"]!);
        return client;

        JsonObject With(string field, string value)
        {
            var other = edit.DeepClone().AsObject();
            other[field] = value;
            return other;
        }

        async Task<JsonNode> PostAsync(string path, JsonObject? body)
        {
            using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(path, content, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{path}: {text}\n{Process.Log}");
            ids.Learn(text);
            return JsonNode.Parse(text)!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
