using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>A RabbitMQ server of the test run: its own node, ports, folders and port mapper, set up by the same files as a real one.</summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private const string User = "rabbitmq";
    private readonly string _folder;
    private readonly int _names = FreePorts.Next();
    private readonly int _management = FreePorts.Next();
    private readonly int _distribution = FreePorts.Next();
    private readonly HttpClient _api;
    private int _hosts;
    private ServerProgram? _nameServer;
    private ServerProgram? _server;

    private RabbitMqServer(string folder)
    {
        _folder = folder;
        _api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_management}/api/") };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:guest")));
    }

    public int Port { get; } = FreePorts.Next();

    public static async Task<RabbitMqServer> StartAsync()
    {
        var server = new RabbitMqServer(await ServerProgram.NewFolderAsync(User));
        try
        {
            await File.WriteAllTextAsync(Path.Combine(server._folder, "enabled_plugins"), "[rabbitmq_management].");
            var shared = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "deploy", "rabbitmq", "rabbitmq.conf"));
            await File.WriteAllTextAsync(Path.Combine(server._folder, "rabbitmq.conf"), $"""
                {shared}
                listeners.tcp.1 = 127.0.0.1:{server.Port}
                management.tcp.ip = 127.0.0.1
                management.tcp.port = {server._management}
                management.rates_mode = none
                collect_statistics_interval = 500
                log.console = true
                log.console.level = warning
                log.file = false
                vm_memory_high_watermark.absolute = 1GB
                disk_free_limit.absolute = 50MB
                """);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An address of a new virtual host with the policies of a real one.</summary>
    public async Task<string> NewHostAsync()
    {
        var host = $"flexedit{Interlocked.Increment(ref _hosts)}";
        await MakeHostAsync(host);
        return $"amqp://guest:guest@127.0.0.1:{Port}/{host}";
    }

    /// <summary>Makes a virtual host, also one that was lost with the disk.</summary>
    public async Task MakeHostAsync(string host)
    {
        await PutAsync($"vhosts/{host}", new { });
        await PutAsync($"permissions/{host}/guest", new { configure = ".*", write = ".*", read = ".*" });
        await SetPoliciesAsync(host);
    }

    /// <summary>Sets the policies of <c>deploy/rabbitmq/definitions.json</c> in a virtual host.</summary>
    public async Task SetPoliciesAsync(string host)
    {
        await using var file = File.OpenRead(Path.Combine(Checkout.Root, "deploy", "rabbitmq", "definitions.json"));
        var definitions = await JsonSerializer.DeserializeAsync<JsonElement>(file);
        foreach (var policy in definitions.GetProperty("policies").EnumerateArray())
        {
            await PutAsync($"policies/{host}/{policy.GetProperty("name").GetString()}", new Dictionary<string, JsonElement>
            {
                ["pattern"] = policy.GetProperty("pattern"),
                ["apply-to"] = policy.GetProperty("apply-to"),
                ["priority"] = policy.GetProperty("priority"),
                ["definition"] = policy.GetProperty("definition"),
            });
        }
    }

    /// <summary>Asks the management API, for instance <c>queues/flexedit1</c>.</summary>
    public Task<JsonElement> GetAsync(string path) => _api.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Tells the management API.</summary>
    public async Task PutAsync(string path, object body) => (await _api.PutAsJsonAsync(path, body)).EnsureSuccessStatusCode();

    /// <summary>Posts to the management API.</summary>
    public async Task PostAsync(string path, object body) => (await _api.PostAsJsonAsync(path, body)).EnsureSuccessStatusCode();

    /// <summary>Deletes through the management API.</summary>
    public async Task DeleteAsync(string path) => (await _api.DeleteAsync(path)).EnsureSuccessStatusCode();

    /// <summary>Starts the server where it was killed, with what it had on the disk.</summary>
    public async Task StartAgainAsync()
    {
        await EndAsync();
        _nameServer = ServerProgram.Start(User, "KILL", Settings, "epmd", "-port", $"{_names}");
        _server = ServerProgram.Start(User, "KILL", Settings, "/usr/lib/rabbitmq/bin/rabbitmq-server");
        await _server.UntilAsync(async token =>
        {
            try
            {
                using var answer = await _api.GetAsync("health/checks/port-listener/" + Port, token);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _server!.EndAsync("KILL");

    /// <summary>Kills it and takes away everything that it had stored: queues, messages, virtual hosts.</summary>
    public async Task WipeAsync()
    {
        await KillAsync();
        Directory.Delete(Path.Combine(_folder, "mnesia"), recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _api.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, string> Settings => new()
    {
        ["HOME"] = _folder,
        ["ERL_EPMD_PORT"] = $"{_names}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = $"flexedit{Port}@localhost",
        ["RABBITMQ_DIST_PORT"] = $"{_distribution}",
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "none"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none",
    };

    private async Task EndAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_nameServer is not null)
            await _nameServer.DisposeAsync();
        (_server, _nameServer) = (null, null);
    }
}
