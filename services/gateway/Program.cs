using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Hosting;

if (DecodeWorker.IsRequested(args))
    return await DecodeWorker.RunAsync(args);

return await HostRunner.RunToExitCodeAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddFlexEditDefaults().AddGateway();
    builder.Services.AddFlexEditBus(builder.Configuration, BusReach.OtherProcesses, neededForReadiness: false);
    return builder.Build().MapGateway();
});
