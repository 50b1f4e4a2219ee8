using System.Globalization;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;
using MassTransit;

namespace FlexEdit.Benchmark.Gateway;

/// <summary>The gateway as it runs in the cloud, with keys and limits, over a storage that is a stub in a second listener of the same process.</summary>
internal static class GatewayAlone
{
    public static WebApplication Build(int port, string folder)
    {
        var stub = Listen(port + 1);
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FlexEdit:Internal:StorageUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port + 1}"),
            ["FlexEdit:Internal:Token"] = "a-token-of-this-benchmark-0123456789",
            ["FlexEdit:Objects:Folder"] = Path.Combine(folder, "objects"),
            ["FlexEdit:Gateway:TempFolder"] = folder,
            ["FlexEdit:Gateway:SubmitTimeout"] = "00:00:30",
            ["FlexEdit:Models:Folder"] = Path.Combine(Checkout, "tests", "Integration", "Faults", "models"),
            ["FlexEdit:Models:Default"] = "simulated",
        });
        builder.AddFlexEditDefaults().AddGateway();
        builder.Services.AddBusConsumers(static bus => bus.AddConsumer<Stub.Submissions, Stub.SubmissionsDefinition>());
        builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess, neededForReadiness: false);
        var app = builder.Build().MapGateway();
        app.Lifetime.ApplicationStarted.Register(() => stub.Start());
        return app;
    }

    private static string Checkout => Path.GetFullPath(Environment.GetEnvironmentVariable("FLEXEDIT_CHECKOUT") ?? Directory.GetCurrentDirectory());

    private static WebApplication Listen(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        Stub.Map(app);
        return app;
    }
}
