using FlexEdit.Gateway.Decoding;
using FlexEdit.Platform.Hosting;
using FlexEdit.Standalone;

// The gateway starts this very program again for each decoder.
if (DecodeWorker.IsRequested(args))
    return await DecodeWorker.RunAsync(args);

if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(StandaloneArguments.Text);
    return 0;
}

return await HostRunner.RunToExitCodeAsync(() => StandaloneHost.Build(StandaloneArguments.Parse(args)));
