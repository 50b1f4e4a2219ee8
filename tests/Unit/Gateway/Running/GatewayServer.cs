using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Running;

/// <summary>Gateway and storage in one process on a port of its own; no workers, so that edits stay queued.</summary>
public class GatewayServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-gateway-").FullName;
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    /// <summary>Settings beside the usual ones of the tests.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    protected virtual string Address => "http://127.0.0.1:0";

    protected virtual void Compose(WebApplicationBuilder builder)
    {
        builder.AddFlexEditDefaults().AddStorage().AddGateway();
        builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess);
    }

    protected virtual void Map(WebApplication app) => app.MapGateway().MapStorage();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.WebHost.UseUrls(Address);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FlexEdit:Objects:Folder"] = Path.Combine(_folder, "objects"),
            ["FlexEdit:Storage:Ledger"] = Path.Combine(_folder, "ledger.db"),
            ["FlexEdit:Models:Folder"] = Cards.WriteTo(Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName),
            ["FlexEdit:Gateway:TempFolder"] = _folder,
            ["FlexEdit:Gateway:PictureBytes"] = "200000",
            ["FlexEdit:Gateway:TextBytes"] = "65536",
            // A loaded machine is no reason to refuse.
            ["FlexEdit:Gateway:SubmitTimeout"] = "00:00:20",
            ["FlexEdit:Gateway:Reread"] = "00:00:00.200",
            ["FlexEdit:Decode:Workers"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.AddSingleton(Children.Command);
        Compose(builder);
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        _app = builder.Build();
        Map(_app);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    /// <summary>Temporary files of requests that are in the folder now.</summary>
    public IReadOnlyList<string> UploadsLeft =>
        [.. Directory.EnumerateDirectories(_folder, "flexedit-uploads-*").SelectMany(room => Directory.EnumerateDirectories(room))];

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_app is not null)
        {
            // What has not started cannot be stopped.
            if (Client is not null)
                await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
