using System.Globalization;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>One fault.</summary>
/// <param name="At">Time since the beginning.</param>
/// <param name="Kind">What is done: see <see cref="FaultSchedule"/>.</param>
/// <param name="Target">The process or server.</param>
/// <param name="Lasts">How long, where it does not end by itself.</param>
internal sealed record Fault(TimeSpan At, string Kind, string Target, TimeSpan Lasts)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{At.TotalSeconds,7:0.0} s  {Kind,-10} {Target}{(Lasts > TimeSpan.Zero ? $" for {Lasts.TotalSeconds:0.0} s" : "")}");
}

/// <summary>
/// Faults in the order and at the times that a seed says. Kinds: <c>kill</c> (SIGKILL), <c>freeze</c> (SIGSTOP, later SIGCONT), <c>terminate</c> (SIGTERM),
/// <c>wipe</c> (the broker's data), <c>purge</c> (a queue), <c>backends</c> (the database's sessions), and on the way to a server <c>reset</c>, <c>hole</c>, <c>late</c>.
/// </summary>
internal static class FaultSchedule
{
    private static readonly string[] s_ways = ["postgres", "rabbitmq", "s3"];

    /// <summary>The schedule of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="time">How long.</param>
    /// <param name="names">Processes that may be hit.</param>
    /// <param name="lease">Lease of attempts: what is frozen stays so for longer.</param>
    public static IReadOnlyList<Fault> Of(int seed, TimeSpan time, IReadOnlyList<string> names, TimeSpan lease)
    {
        var chance = new Random(seed);
        var services = names.Where(IsService).ToArray();
        var servers = names.Where(name => !IsService(name) && name != "epmd-1").ToArray();
        var faults = new List<Fault>();
        for (var at = TimeSpan.FromSeconds(3); at < time; at += TimeSpan.FromSeconds(2.5 + (4 * chance.NextDouble())))
            faults.Add(Draw(at));
        return faults;

        Fault Draw(TimeSpan at) => chance.Next(100) switch
        {
            < 40 => new Fault(at, "kill", services[chance.Next(services.Length)], default),
            < 55 => new Fault(at, "kill", servers[chance.Next(servers.Length)], default),
            < 67 => new Fault(at, "freeze", services[chance.Next(services.Length)], lease * (0.5 + (1.5 * chance.NextDouble()))),
            < 75 => new Fault(at, "terminate", services[chance.Next(services.Length)], default),
            < 79 => new Fault(at, "wipe", "rabbitmq-1", default),
            < 82 => new Fault(at, "purge", chance.Next(2) == 0 ? "understand-edit" : "generate-edit", default),
            < 86 => new Fault(at, "backends", "postgres-1", default),
            < 92 => new Fault(at, "reset", s_ways[chance.Next(s_ways.Length)], TimeSpan.FromSeconds(chance.NextDouble())),
            < 96 => new Fault(at, "hole", s_ways[chance.Next(s_ways.Length)], TimeSpan.FromSeconds(1 + (5 * chance.NextDouble()))),
            _ => new Fault(at, "late", s_ways[chance.Next(s_ways.Length)], TimeSpan.FromSeconds(2 + (4 * chance.NextDouble()))),
        };
    }

    private static bool IsService(string name) =>
        new[] { "gateway-", "storage-", "understanding-", "generation-" }.Any(service => name.StartsWith(service, StringComparison.Ordinal));
}
