using System.Globalization;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>Random faults under load. The long run is <c>benchmark/chaos</c>.</summary>
public sealed class ChaosTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>As long as <c>FLEXEDIT_CHAOS_MINUTES</c> says.</summary>
    [Fact(Explicit = true)]
    public async Task Nothing_is_lost()
    {
        await using var faulty = await FaultyDeployment.UpAsync(null, "--gateways", "1", "--storages", "2", "--understandings", "2", "--generations", "2");
        await RunAsync(
            faulty,
            TimeSpan.FromMinutes(double.Parse(Setting("MINUTES", "30"), CultureInfo.InvariantCulture)),
            int.Parse(Setting("SEED", "1"), CultureInfo.InvariantCulture),
            double.Parse(Setting("RATE", "2"), CultureInfo.InvariantCulture));
    }

    private static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable($"FLEXEDIT_CHAOS_{name}") is { Length: > 0 } value ? value : otherwise;

    /// <summary>Makes the faults of a seed under load, and holds the checker's verdict to be clean.</summary>
    internal static async Task RunAsync(FaultyDeployment faulty, TimeSpan time, int seed, double rate)
    {
        var faults = FaultSchedule.Of(seed, time, faulty.Local.Names, FaultyDeployment.Lease);
        Say($"Seed {seed}, {time.TotalMinutes:0.##} minutes, {rate} submissions a second, {faults.Count} faults:");
        foreach (var fault in faults)
            Say(fault.ToString());

        var driver = new LoadDriver(faulty.Local.Http, seed);
        var injector = new FaultInjector(faulty);
        await Task.WhenAll(driver.RunAsync(rate, time, Token), injector.RunAsync(faults, Token));
        var verdict = await new Checker(faulty.Local, driver).CheckAsync(TimeSpan.FromMinutes(3), Token);

        Say($"Faults done: {string.Join(", ", injector.Done.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value}"))}");
        Say($"Submissions: {driver.Submissions.Count}, refused for the moment {driver.Submissions.Sum(s => s.Refusals)} times, broken off {driver.Submissions.Sum(s => s.Broken)} times, "
            + $"odd answers {string.Join(' ', driver.Submissions.Select(s => s.Odd).OfType<System.Net.HttpStatusCode>().Select(s => (int)s))}");
        Say(verdict.ToString());
        verdict.IsClean.ShouldBeTrue(verdict.ToString());
        verdict.Failed.ShouldBeEmpty();
        verdict.Accepted.ShouldBeGreaterThan(0);
        driver.Submissions.ShouldAllBe(s => s.Odd == null);
    }

    private static void Say(string line) => Console.WriteLine(line);
}
