using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.Integration.Local;
using Shouldly;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>The four services, with every secret in a file of its own, over servers that ask for passwords.</summary>
internal sealed class RotatedCloud : IAsyncDisposable
{
    private static readonly Dictionary<string, string> s_nothing = [];
    private readonly string _folder;
    private readonly Dictionary<string, string> _servers;
    private readonly List<ServiceProcess> _services = [];

    private RotatedCloud(string folder, Dictionary<string, string> servers) => (_folder, _servers) = (folder, servers);

    public ServiceProcess Storage => _services[0];

    public ServiceProcess Gateway => _services[1];

    /// <summary>Of <c>DIR/env</c> and <c>DIR/ports</c>.</summary>
    public string this[string name] => _servers[name];

    public static async Task<RotatedCloud> UpAsync()
    {
        var folder = Directory.CreateTempSubdirectory("flexedit-rotation-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        await LocalDeployment.ScriptAsync("up", s_nothing, "--run-dir", folder, "--servers-only");
        var cloud = new RotatedCloud(folder, File.ReadLines(Path.Combine(folder, "env")).Concat(File.ReadLines(Path.Combine(folder, "ports"))).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Replace("\\", "", StringComparison.Ordinal)));
        try
        {
            await cloud.StartAsync();
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces a secret.</summary>
    public void Put(string secret, params string[] lines)
    {
        // As the kubelet does, at one moment.
        File.WriteAllLines(FileOf(secret) + ".new", lines);
        File.Move(FileOf(secret) + ".new", FileOf(secret), overwrite: true);
    }

    /// <summary>Submits an edit and waits for its result; clients repeat what is refused for the moment.</summary>
    public async Task EditedAsync()
    {
        var cancellation = TestContextToken;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var key = $"rotation-{Guid.CreateVersion7():n}";
        while (true)
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(Scenes.PhotographPng(48, 48)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "scene", "scene.png" },
                { new StringContent("""[{"type":"circle","cx":24,"cy":24,"r":10}]"""), "mask_shapes" },
                { new StringContent("Remove it."), "instruction" },
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = form };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await Gateway.Http.SendAsync(request, limit.Token);
            var body = await answer.Content.ReadAsStringAsync(limit.Token);
            if ((int)answer.StatusCode is 503 or 409)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
                continue;
            }
            ((int)answer.StatusCode).ShouldBe(202, $"{body}\n{Logs}");
            var id = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString();
            while (true)
            {
                using var read = await Gateway.Http.GetAsync($"/v1/edits/{id}?wait=10", limit.Token);
                var text = await read.Content.ReadAsStringAsync(limit.Token);
                var status = read.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() : $"{(int)read.StatusCode}";
                if (status == "succeeded")
                    return;
                status.ShouldBeOneOf("queued", "processing", "503", $"{text}\n{Logs}");
            }
        }
    }

    /// <summary>Every process is the one that was started.</summary>
    public void ShouldHaveRestartedNothing() => _services.ShouldAllBe(service => !service.HasExited, Logs);

    /// <summary>Runs a program of the S3 server's.</summary>
    public Task<string> RadosAsync(params string[] arguments) =>
        ServerProgram.RunAsync("root", s_nothing, ["radosgw-admin", "-c", Path.Combine(_folder, "ceph", "ceph.conf"), "-n", "client.rgw.a", .. arguments]);

    /// <summary>The broker's management API, as a user.</summary>
    public HttpClient Broker(string password) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{this["management_port"]}/api/"),
        DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"flexedit:{password}"))) },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        await LocalDeployment.ScriptAsync("down", s_nothing, "--run-dir", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static CancellationToken TestContextToken => Xunit.TestContext.Current.CancellationToken;

    private string Logs => string.Join("\n\n", _services.Select(service => service.Log));

    private string FileOf(string secret) => Path.Combine(_folder, "secrets", secret);

    private async Task StartAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "secrets"));
        Put("token", this["token"]);
        foreach (var secret in new[] { "broker", "database", "s3-secret" })
            Put(secret, this["password"]);
        Put("s3-access", "flexedit");
        Put("signing", "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=");
        (string, string)[] common =
        [
            ("Bus__Transport", "rabbitmq"), ("Bus__RabbitMq", $"amqp://flexedit@127.0.0.1:{this["rabbitmq_port"]}/"), ("Bus__RabbitMqPasswordFile", FileOf("broker")),
            ("Storage__Database", "postgres"), ("Storage__Postgres", $"Host=127.0.0.1;Port={this["postgres_port"]};Username=flexedit;Database=flexedit"),
            ("Storage__PostgresPasswordFile", FileOf("database")), ("Webhooks__SigningKeysFile", FileOf("signing")),
            ("Storage__ResendAfter", "00:00:02"), ("Storage__SweepInterval", "00:00:00.500"),
            ("Objects__Store", "s3"), ("Objects__S3__Endpoint", this["S3_ENDPOINT"]), ("Objects__S3__AccessKeyFile", FileOf("s3-access")), ("Objects__S3__SecretKeyFile", FileOf("s3-secret")),
            ("Internal__TokenFile", FileOf("token")), ("Gateway__SubmitTimeout", "00:00:20"),
            ("Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")), ("Models__Default", Cloud.Model),
            ("Understanding__Engine", "simulated"), ("Generation__Engine", "simulated"),
        ];
        var storage = ServiceProcess.Start("FlexEdit.Storage", common);
        _services.Add(storage);
        await storage.ReadyAsync();
        foreach (var service in new[] { "FlexEdit.Gateway", "FlexEdit.Understanding", "FlexEdit.Generation" })
            _services.Add(ServiceProcess.Start(service, [.. common, ("Internal__StorageUrl", storage.Address.ToString())]));
        await Task.WhenAll(_services.Select(service => service.ReadyAsync()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/keys")
        {
            Content = JsonContent.Create(new { tenant = "acme", name = "test", scopes = new[] { "edits:read", "edits:write" } }),
            Headers = { { "X-FlexEdit-Internal-Token", this["token"] } },
        };
        using var answer = await storage.Http.SendAsync(request, TestContextToken);
        var key = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContextToken)).RootElement.GetProperty("key").GetString();
        Gateway.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }
}
