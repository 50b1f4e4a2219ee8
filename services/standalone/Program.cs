using FlexEdit.Gateway.Decoding;
using FlexEdit.Platform.Hosting;
using FlexEdit.Screening.Child;
using FlexEdit.Standalone;

// This very program is started again for each decoder, and for the classifier of pictures.
if (DecodeWorker.IsRequested(args))
    return await DecodeWorker.RunAsync(args);
if (ScreenWorker.IsRequested(args))
    return await ScreenWorker.RunAsync(args);

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(StandaloneArguments.Text);
    return 0;
}

return await HostRunner.RunToExitCodeAsync(() => StandaloneHost.Build(StandaloneArguments.Parse(args)));
