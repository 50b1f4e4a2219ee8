using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Health;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Hosting;

if (args is [PrepareLedger.Command])
    return await HostRunner.DoToExitCodeAsync(PrepareLedger.RunAsync);

return await HostRunner.RunToExitCodeAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddFlexEditDefaults().AddStorage();
    builder.Services.AddFlexEditBus(builder.Configuration, BusReach.OtherProcesses, neededForReadiness: false);
    var app = builder.Build();
    app.UseMiddleware<ProblemMiddleware>();
    app.UseInternalTenant();
    app.MapFlexEditHealth();
    app.MapStorage();
    return app;
});
