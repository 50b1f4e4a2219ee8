using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Objects.S3;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Integration.Objects;
using Xunit;

[assembly: AssemblyFixture(typeof(ObjectServers))]

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>A real S3 server: Ceph's gateway with a monitor and one disk in a file, set up by the script that local deployments use.</summary>
internal sealed class RadosGateway : IAsyncDisposable
{
    private const string User = "ceph";
    private static readonly Dictionary<string, string> s_nothing = [];
    private readonly string _folder;
    private readonly List<ServerProgram> _programs = [];

    private RadosGateway(string folder, int port)
    {
        _folder = folder;
        Endpoint = new Uri($"http://127.0.0.1:{port}");
    }

    public static string AccessKey => "integration";

    public static string SecretKey => "integration-secret";

    public Uri Endpoint { get; }

    private static string Script => Path.Combine(Checkout.Root, "deploy", "local", "ceph");

    public static async Task<RadosGateway> StartAsync()
    {
        var port = FreePorts.Next();
        var server = new RadosGateway(await ServerProgram.NewFolderAsync(User), port);
        try
        {
            await ServerProgram.RunAsync(User, s_nothing, Script, "prepare", server._folder, $"{FreePorts.Next()}", $"{port}");
            server.Start("mon");
            server.Start("osd");
            await server.Start("rgw").UntilAsync(server.AnswersAsync);
            await ServerProgram.RunAsync(User, s_nothing, Script, "user", server._folder, AccessKey, SecretKey);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Settings for this server; tests change what they test.</summary>
    public ObjectStoreOptions Options(string bucket) => new()
    {
        Store = ObjectStoreOptions.InS3,
        S3 = new S3Options
        {
            Endpoint = Endpoint,
            AccessKey = AccessKey,
            SecretKey = SecretKey,
            Bucket = bucket,
            StallTimeout = TimeSpan.FromSeconds(5),
            Timeout = TimeSpan.FromSeconds(30),
        },
    };

    public static S3ObjectStore Open(ObjectStoreOptions options) => new(Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
            await program.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ServerProgram Start(string part)
    {
        var program = ServerProgram.Start(User, "KILL", s_nothing, Script, part, _folder);
        _programs.Add(program);
        return program;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(Endpoint, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>The one S3 server of the test run, started when first asked for.</summary>
public sealed class ObjectServers : IAsyncLifetime
{
    private static readonly Lazy<Task<RadosGateway>> s_gateway = new(RadosGateway.StartAsync);

    internal static Task<RadosGateway> GatewayAsync() => s_gateway.Value;

    /// <summary>A name that no bucket has.</summary>
    internal static string NewBucket() => $"test-{Guid.CreateVersion7():n}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (s_gateway.IsValueCreated)
            await (await s_gateway.Value).DisposeAsync();
    }
}
