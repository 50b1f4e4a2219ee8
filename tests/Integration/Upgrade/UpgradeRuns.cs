using System.Diagnostics;
using FlexEdit.Tests.Integration.Faults;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Integration.Local;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Upgrade;

/// <summary>F31: from an older version to this one, process by process, under load: see <c>benchmark/upgrade</c>.</summary>
public sealed class UpgradeRuns
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData("storage understanding generation gateway")]
    [InlineData("gateway generation understanding storage")]
    public async Task Nothing_is_lost_in_whatever_order(string order)
    {
        using var programs = new MixedPrograms(Path.Combine(Setting("FROM"), "artifacts"), Path.GetFullPath(Path.Combine(Checkout.Program("FlexEdit.Storage"), "..", "..", "..", "..")));
        var settings = FaultyDeployment.Simulated("00:00:00.050");
        settings["FLEXEDIT_ARTIFACTS"] = programs.Folder;
        settings["FLEXEDIT__Gateway__SubmitTimeout"] = "00:00:10";
        await using var local = await LocalDeployment.UpAsync(settings, _ => true, "--gateways", "2", "--storages", "2", "--understandings", "2", "--generations", "2");
        foreach (var name in Names(local))
            programs.IsNew(ServiceOf(name), local.PidOf(name)!.Value).ShouldBeFalse(name);
        if (Environment.GetEnvironmentVariable("FLEXEDIT_UPGRADE_RECORD") is { Length: > 0 } folder)
            await new VersionRecorder(local, programs.Folder, settings).RecordAsync(folder, Token);

        Console.WriteLine($"From {Setting("FROM")}: {order}");
        var driver = new LoadDriver(local.Http, 31);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var load = LoadAsync(driver, enough.Token);
        await driver.UntilAsync(count => count >= 10, Token);
        foreach (var service in order.Split(' '))
        {
            programs.Renew(service);
            foreach (var name in Names(local).Where(name => ServiceOf(name) == service))
            {
                await RenewAsync(local, programs, name);
                // With this mixture, too, edits go all the way.
                var (before, refused) = (driver.Accepted.Count, driver.Submissions.Sum(s => s.Refusals));
                await driver.UntilAsync(count => count >= before + 5, Token);
                await SucceededAsync(local, driver.Accepted[^1]);
                Console.WriteLine($"  {name} is new: {driver.Accepted.Count} edits accepted, {driver.Submissions.Sum(s => s.Refusals) - refused} refused for the moment");
            }
        }
        await enough.CancelAsync();
        await load;

        var verdict = await new Checker(local, driver).CheckAsync(s_patience, Token);
        Console.WriteLine($"Submissions: {driver.Submissions.Count}, refused for the moment {driver.Submissions.Sum(s => s.Refusals)} times, broken off {driver.Submissions.Sum(s => s.Broken)} times");
        Console.WriteLine(verdict);
        verdict.IsClean.ShouldBeTrue(verdict.ToString());
        verdict.Failed.ShouldBeEmpty(verdict.ToString());
        verdict.Accepted.ShouldBe(driver.Submissions.Count);
        driver.Submissions.ShouldAllBe(s => s.Odd == null);
        foreach (var name in Names(local))
        {
            programs.IsNew(ServiceOf(name), local.PidOf(name)!.Value).ShouldBeTrue(name);
            var log = local.LogOf(name, int.MaxValue);
            log.ShouldNotContain("PRECONDITION_FAILED", customMessage: name);
            log.ShouldNotContain("inequivalent arg", customMessage: name);
        }
    }

    private static async Task LoadAsync(LoadDriver driver, CancellationToken enough)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        var running = new List<Task>();
        try
        {
            while (await clock.WaitForNextTickAsync(enough))
                running.Add(driver.SubmitAsync(Token));
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // All is renewed; what has been begun is finished.
        }
        await Task.WhenAll(running);
    }

    // SIGTERM; its supervisor starts it again.
    private static async Task RenewAsync(LocalDeployment local, MixedPrograms programs, string name)
    {
        var (pid, starts) = (local.PidOf(name), Starts());
        (await local.SignalAsync(name, "TERM")).ShouldBeTrue(name);
        var began = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (local.PidOf(name) is not { } now || now == pid || Starts() == starts)
        {
            (Stopwatch.GetElapsedTime(began) < s_patience).ShouldBeTrue($"{name} did not start again:\n{local.LogOf(name)}");
            await poll.WaitForNextTickAsync(Token);
        }
        programs.IsNew(ServiceOf(name), local.PidOf(name)!.Value).ShouldBeTrue(name);

        int Starts() => local.LogOf(name, int.MaxValue).Split("Application started").Length;
    }

    private static async Task SucceededAsync(LocalDeployment local, string id)
    {
        var began = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            string text;
            try
            {
                using var answer = await local.Http.GetAsync($"/v1/edits/{id}", Token);
                text = await answer.Content.ReadAsStringAsync(Token);
                if (text.Contains("\"status\":\"succeeded\"", StringComparison.Ordinal))
                    return;
            }
            catch (HttpRequestException problem)
            {
                text = problem.Message;
            }
            (Stopwatch.GetElapsedTime(began) < s_patience).ShouldBeTrue(text);
            await poll.WaitForNextTickAsync(Token);
        }
    }

    private static IEnumerable<string> Names(LocalDeployment local) => local.Names.Where(name => MixedPrograms.Services.ContainsKey(ServiceOf(name)));

    private static string ServiceOf(string name) => name.Split('-')[0];

    private static string Setting(string name) => Environment.GetEnvironmentVariable($"FLEXEDIT_UPGRADE_{name}")
        ?? throw new InvalidOperationException($"Run it by benchmark/upgrade, which sets FLEXEDIT_UPGRADE_{name}.");
}
