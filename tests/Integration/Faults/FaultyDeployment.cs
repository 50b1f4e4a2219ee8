using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Integration.Local;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>A local deployment with simulated engines, whose services reach their servers through proxies of ours.</summary>
internal sealed class FaultyDeployment : IAsyncDisposable
{
    private readonly Dictionary<string, TcpProxy> _proxies;

    private FaultyDeployment(LocalDeployment local, Dictionary<string, TcpProxy> proxies) => (Local, _proxies) = (local, proxies);

    /// <summary>Lease of attempts here.</summary>
    public static TimeSpan Lease => TimeSpan.FromSeconds(6);

    public LocalDeployment Local { get; }

    public static async Task<FaultyDeployment> UpAsync(IReadOnlyDictionary<string, string>? settings = null, params string[] arguments)
    {
        var proxies = new Dictionary<string, TcpProxy> { ["postgres"] = new(), ["rabbitmq"] = new(), ["s3"] = new() };
        var all = Simulated("00:00:00.050");
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            all[name] = value;
        try
        {
            // The services start before up returns, so the proxies have to know their servers before that: the ports are in DIR/ports.
            var up = LocalDeployment.UpAsync(all, folder => Aim(proxies, folder),
                ["--postgres-via", $"{proxies["postgres"].Port}", "--rabbitmq-via", $"{proxies["rabbitmq"].Port}", "--s3-via", $"{proxies["s3"].Port}", .. arguments]);
            return new FaultyDeployment(await up, proxies);
        }
        catch
        {
            foreach (var proxy in proxies.Values)
                await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Settings of simulated workers and of a ledger that does not wait long.</summary>
    public static Dictionary<string, string> Simulated(string stepTime) => new()
    {
        ["FLEXEDIT__Models__Folder"] = Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models"),
        ["FLEXEDIT__Models__Default"] = "simulated",
        ["FLEXEDIT__Understanding__Engine"] = "simulated",
        ["FLEXEDIT__Generation__Engine"] = "simulated",
        ["FLEXEDIT__Understanding__Simulation__StepTime"] = stepTime,
        ["FLEXEDIT__Generation__Simulation__StepTime"] = stepTime,
        // Load is not what is to be refused here.
        ["FLEXEDIT__Limits__RequestsPerMinute"] = "0",
        ["FLEXEDIT__Limits__EditsInFlight"] = "0",
        ["FLEXEDIT__Storage__Lease"] = Lease.ToString(),
        ["FLEXEDIT__Storage__SweepInterval"] = "00:00:00.500",
        ["FLEXEDIT__Storage__ResendAfter"] = "00:00:02",
        ["FLEXEDIT__Storage__RetryGap"] = "00:00:00.200",
        ["FLEXEDIT__Storage__MaxAttempts"] = "20",
        ["FLEXEDIT__Objects__S3__StallTimeout"] = "00:00:03",
        ["FLEXEDIT__Objects__S3__Timeout"] = "00:00:30",
    };

    /// <summary>Settings of simulated workers that take no time, and the rules of every day, for measurements.</summary>
    public static Dictionary<string, string> Everyday() => Simulated("00:00:00")
        .Where(setting => !setting.Key.StartsWith("FLEXEDIT__Storage__", StringComparison.Ordinal)).ToDictionary();

    /// <summary>The proxy on the way to <c>postgres</c>, <c>rabbitmq</c> or <c>s3</c>.</summary>
    public TcpProxy ProxyOf(string server) => _proxies[server];

    /// <summary>Lets everything pass and wakes everything up.</summary>
    public async Task HealAsync()
    {
        foreach (var proxy in _proxies.Values)
            (proxy.Mode, proxy.ResetWhenClientSends, proxy.ResetWhenServerSends) = (ProxyMode.Pass, null, null);
        foreach (var name in Local.Names)
            await Local.SignalAsync(name, "CONT");
    }

    public async ValueTask DisposeAsync()
    {
        await HealAsync();
        await Local.DisposeAsync();
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
    }

    private static bool Aim(Dictionary<string, TcpProxy> proxies, string folder)
    {
        var file = Path.Combine(folder, "ports");
        if (!File.Exists(file))
            return false;
        var ports = File.ReadLines(file).Select(line => line.Split('=')).Where(pair => pair is [_, _]).ToDictionary(pair => pair[0], pair => pair[1]);
        foreach (var (name, proxy) in proxies)
        {
            if (!ports.TryGetValue($"{name}_port", out var port))
                return false;
            proxy.Target = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture);
        }
        return true;
    }
}
