using System.Globalization;
using FlexEdit.Benchmark.Gateway;
using FlexEdit.Gateway.Decoding;

if (DecodeWorker.IsRequested(args))
    return await DecodeWorker.RunAsync(args);
switch (args)
{
    case ["serve-gateway", { } port, { } folder]:
        await GatewayAlone.Build(int.Parse(port, CultureInfo.InvariantCulture), folder).RunAsync();
        return 0;
    case ["serve-plain", { } port, { } folder]:
        await PlainServer.Build(int.Parse(port, CultureInfo.InvariantCulture), folder).RunAsync();
        return 0;
}

var (seconds, clients) = (10.0, 4);
for (var i = 0; i < args.Length; i += 2)
{
    var isGood = i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var value) && value >= 1;
    if (!isGood || args[i] is not ("--seconds" or "--clients"))
    {
        Console.Error.WriteLine("Usage: FlexEdit.Benchmark.Gateway [--seconds N] [--clients N]\nHow long each kind of request is sent (10), by how many clients of which each waits for its answer (4).");
        return 2;
    }
    if (args[i] == "--seconds")
        seconds = double.Parse(args[i + 1], CultureInfo.InvariantCulture);
    else
        clients = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
}
return await Comparison.RunAsync(TimeSpan.FromSeconds(seconds), clients);
