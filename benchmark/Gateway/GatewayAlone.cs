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
        Directory.CreateDirectory(folder);
        Listen(port + 1).Start();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FlexEdit:Internal:StorageUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port + 1}"),
            ["FlexEdit:Internal:Token"] = "a-token-of-this-benchmark-0123456789",
            ["FlexEdit:Objects:Folder"] = Path.Combine(folder, "objects"),
            ["FlexEdit:Gateway:TempFolder"] = folder,
            // A loaded machine is slow here, and refuses nothing.
            ["FlexEdit:Gateway:SubmitTimeout"] = "00:01:00",
            ["FlexEdit:Decode:TimeLimit"] = "00:01:00",
            ["FlexEdit:Models:Folder"] = Path.Combine(Checkout, "tests", "Integration", "Faults", "models"),
            ["FlexEdit:Models:Default"] = "simulated",
        });
        builder.AddFlexEditDefaults().AddGateway();
        builder.Services.AddBusConsumers(static bus => bus.AddConsumer<Stub.Submissions, Stub.SubmissionsDefinition>());
        builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess, neededForReadiness: false);
        return builder.Build().MapGateway();
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
