using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Health;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Ledger;
using FlexEdit.Screening.Child;
using FlexEdit.Understanding.Hosting;

// The classifier of pictures runs in this very program again.
if (ScreenWorker.IsRequested(args))
    return await ScreenWorker.RunAsync(args);

return await HostRunner.RunToExitCodeAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddFlexEditDefaults();
    builder.AddUnderstanding();
    builder.Services.AddHttpAttemptLedger();
    builder.Services.AddFlexEditBus(builder.Configuration, BusReach.OtherProcesses);
    var app = builder.Build();
    app.MapFlexEditHealth();
    return app;
});
