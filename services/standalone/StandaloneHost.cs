using FlexEdit.Gateway.Hosting;
using FlexEdit.Generation.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Hosting;
using FlexEdit.Understanding.Hosting;

namespace FlexEdit.Standalone;

/// <summary>The four services in one process: in-memory bus, SQLite and objects in one folder.</summary>
internal static class StandaloneHost
{
    /// <summary>Composes the process.</summary>
    /// <exception cref="StartupException">The data folder cannot be used.</exception>
    public static WebApplication Build(StandaloneArguments arguments)
    {
        CheckData(arguments.Data);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Behind the environment, so that a setting made there counts.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                [$"{SettingsServices.Root}:Storage:Ledger"] = Path.Combine(arguments.Data, "ledger.db"),
                [$"{SettingsServices.Root}:Storage:SoleOwner"] = "true",
                [$"{SettingsServices.Root}:Objects:Folder"] = Path.Combine(arguments.Data, "objects"),
            },
        });
        if (builder.Configuration[$"{SettingsServices.Root}:Gateway:Keys"] != "required")
            builder.Configuration.Sources.Insert(0, NoLimits);
        builder.WebHost.UseUrls(arguments.Urls);
        builder.AddFlexEditDefaults().AddStorage().AddGateway().AddUnderstanding().AddGeneration();
        builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess, neededForReadiness: false);
        var app = builder.Build();
        app.MapGateway().MapStorage();
        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Listening on {string.Join(" and ", app.Urls)}"));
        return app;
    }

    // Who alone uses a server is not to be limited, unless the settings say so.
    private static Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource NoLimits => new()
    {
        InitialData = new Dictionary<string, string?>
        {
            [$"{SettingsServices.Root}:Limits:RequestsPerMinute"] = "0",
            [$"{SettingsServices.Root}:Limits:EditsInFlight"] = "0",
        },
    };

    private static void CheckData(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Path.Combine(folder, $".{Environment.ProcessId}.probe"), 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {folder} cannot be written to ({problem.Message.TrimEnd('.')}); choose another one with --data.", problem);
        }
    }
}
