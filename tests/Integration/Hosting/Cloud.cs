using System.Net.Http.Headers;
using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Pictures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>The four services as processes over the real broker and database, with simulated engines (a step takes 100 ms) and objects in a folder.</summary>
public sealed class Cloud : IAsyncLifetime
{
    internal const string Model = "simulated";
    private const string Token = "0123456789abcdef0123456789abcdef";
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-cloud-").FullName;
    private readonly List<ServiceProcess> _services = [];
    private readonly HashSet<ServiceProcess> _unusual = [];
    private (string, string)[] _settings = [];

    internal ServiceProcess Gateway { get; private set; } = null!;

    internal ServiceProcess Storage { get; private set; } = null!;

    internal ServiceProcess Understanding { get; private set; } = null!;

    internal ServiceProcess Generation { get; private set; } = null!;

    internal RabbitMqServer Broker { get; private set; } = null!;

    /// <summary>Folder of the object store.</summary>
    internal string Objects => Path.Combine(_folder, "objects");

    internal string Host { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Broker = await Servers.RabbitMqAsync();
        var address = await Broker.NewHostAsync();
        Host = new Uri(address).AbsolutePath[1..];
        var storage = ServiceProcess.Start("FlexEdit.Storage", Common(address));
        Storage = Kept(storage);
        _settings = [.. Common(address), ("Internal__StorageUrl", storage.Address.ToString())];
        // A loaded machine may take long over the first request; the usual limit has a test of its own.
        Gateway = Start("FlexEdit.Gateway", ("Gateway__SubmitTimeout", "00:00:20"));
        Understanding = Start("FlexEdit.Understanding");
        Generation = Start("FlexEdit.Generation");
        await Task.WhenAll(_services.Select(service => service.ReadyAsync()));
        Gateway.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await AdminAsync("keys", "create", "--tenant", "acme"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs <c>flexedit admin …</c> and returns what it prints.</summary>
    internal async Task<string> AdminAsync(params string[] arguments) => (await ServerProgram.RunAsync(
        "root", new Dictionary<string, string> { ["FLEXEDIT__Internal__StorageUrl"] = Storage.Address.ToString(), ["FLEXEDIT__Internal__Token"] = Token },
        ["dotnet", Checkout.Program("FlexEdit.Cli", "flexedit"), "admin", .. arguments])).Trim();

    /// <summary>Starts another process of a service.</summary>
    internal ServiceProcess Start(string project, params (string, string)[] settings) => Kept(ServiceProcess.Start(project, [.. _settings, .. settings]));

    /// <summary>Settings of a worker that somebody else starts.</summary>
    internal (string, string)[] Worker(params (string, string)[] settings) => [.. _settings, .. settings];

    /// <summary>Starts a generation process in the place of the one that a test has ended.</summary>
    internal async Task ReplaceGenerationAsync(params (string, string)[] settings)
    {
        Generation = StartWorker("FlexEdit.Generation", settings);
        await Generation.ReadyAsync();
    }

    /// <summary>Starts an understanding process in the place of the one that a test has ended.</summary>
    internal async Task ReplaceUnderstandingAsync(params (string, string)[] settings)
    {
        Understanding = StartWorker("FlexEdit.Understanding", settings);
        await Understanding.ReadyAsync();
    }

    /// <summary>Replaces the workers that a test which failed has left ended or with settings of its own, so that one failure does not become everybody's.</summary>
    internal async Task MendAsync()
    {
        if (await IsLeftOverAsync(Understanding))
            await ReplaceUnderstandingAsync();
        if (await IsLeftOverAsync(Generation))
            await ReplaceGenerationAsync();
    }

    /// <summary>Submits an edit of a small picture.</summary>
    internal async Task<HttpResponseMessage> SubmitAsync(int steps = 2, string? traceParent = null, ServiceProcess? gateway = null, string? key = null)
    {
        var png = Scenes.PhotographPng(48, 48);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(png) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "scene", "scene.png" },
            { new StringContent("""[{"type":"circle","cx":24,"cy":24,"r":10}]"""), "mask_shapes" },
            { new StringContent("Remove it."), "instruction" },
            { new StringContent($"{steps}"), "steps" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = form };
        if (traceParent is not null)
            request.Headers.Add("traceparent", traceParent);
        request.Headers.Authorization = key is null ? Gateway.Http.DefaultRequestHeaders.Authorization : new AuthenticationHeaderValue("Bearer", key);
        return await (gateway ?? Gateway).Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Submits an edit that is accepted, and returns its id.</summary>
    internal async Task<string> SubmittedAsync(int steps = 2)
    {
        using var answer = await SubmitAsync(steps);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBe(202, customMessage: $"{body}\n{Gateway.Log}");
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
    }

    internal async Task<JsonElement> JobAsync(string id)
    {
        var text = await Gateway.Http.GetStringAsync($"/v1/edits/{id}", TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The job as soon as <paramref name="isThere"/>; at most a minute.</summary>
    internal async Task<JsonElement> UntilAsync(string id, Func<JsonElement, bool> isThere)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var job = await JobAsync(id);
            if (isThere(job))
                return job;
            if (limit.IsCancellationRequested)
                throw new InvalidOperationException($"{job}\nstorage:\n{Storage.Log}\nunderstanding:\n{Understanding.Log}\ngeneration:\n{Generation.Log}");
            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    internal Task<JsonElement> EndedAsync(string id) => UntilAsync(id, job => StatusOf(job) is "succeeded" or "failed" or "canceled" or "expired");

    internal static string StatusOf(JsonElement job) => job.GetProperty("status").GetString()!;

    private (string, string)[] Common(string address) =>
    [
        ("Bus__Transport", "rabbitmq"), ("Bus__RabbitMq", address),
        ("Storage__Database", "postgres"), ("Storage__Postgres", Database),
        ("Storage__ResendAfter", "00:00:02"), ("Storage__SweepInterval", "00:00:00.500"), ("Webhooks__AllowPrivateTargets", "true"),
        ("Objects__Folder", Objects), ("Internal__Token", Token),
        ("Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")), ("Models__Default", Model),
        ("Understanding__Engine", "simulated"), ("Generation__Engine", "simulated"),
        ("Understanding__Simulation__StepTime", "00:00:00.020"), ("Generation__Simulation__StepTime", "00:00:00.100"),
    ];

    /// <summary>How to connect to the ledger.</summary>
    internal string Database => field ??= Unit.Storage.TestFolder.NewPostgres!();

    private ServiceProcess StartWorker(string project, (string, string)[] settings)
    {
        var worker = Start(project, settings);
        if (settings.Length > 0)
            _unusual.Add(worker);
        return worker;
    }

    private async Task<bool> IsLeftOverAsync(ServiceProcess worker)
    {
        if (worker.HasExited)
            return true;
        if (!_unusual.Contains(worker))
            return false;
        await worker.KillAsync();
        return true;
    }

    private ServiceProcess Kept(ServiceProcess service)
    {
        _services.Add(service);
        return service;
    }
}

/// <summary>Tests that share the processes of one <see cref="Cloud"/> and stop some of them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CloudCollection : ICollectionFixture<Cloud>
{
    public const string Name = "cloud";
}
