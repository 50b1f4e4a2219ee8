using FlexEdit.Generation.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Health;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Ledger;

return await HostRunner.RunToExitCodeAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddFlexEditDefaults();
    builder.AddGeneration();
    builder.Services.AddHttpAttemptLedger();
    builder.Services.AddFlexEditBus(builder.Configuration, BusReach.OtherProcesses);
    var app = builder.Build();
    app.MapFlexEditHealth();
    return app;
});
