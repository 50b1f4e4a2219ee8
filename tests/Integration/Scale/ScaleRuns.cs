using System.Diagnostics;
using System.Globalization;
using FlexEdit.Tests.Integration.Faults;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>Measurements with up to 64 generation workers as processes: see <c>benchmark/scale</c> and <c>docs/operations/scaling.md</c>.</summary>
public sealed class ScaleRuns
{
    private const int Steps = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static double Slower => Number("SLOWER", 100);

    private static int Slots => (int)Number("SLOTS", 4);

    // Of one GPU whose batch is full, edits a second.
    private static double Ideal => GpuProfile.SpeedOf(Slots) / (Steps * GpuProfile.Step.TotalSeconds * Slower);

    /// <summary>Edits a second that ever more workers do together, whose queue is never empty.</summary>
    [Fact(Explicit = true)]
    public async Task Linear()
    {
        var numbers = (Environment.GetEnvironmentVariable("FLEXEDIT_SCALE_WORKERS") ?? "1,4,16,64").Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        await using var scaled = await ScaledDeployment.UpAsync(Slower, Slots, TimeSpan.FromMinutes(2));
        Say($"GPUs {Slower} times slower than the profile, {Slots} pictures in a batch: one does {Ideal:0.000} edits/s at best.");
        Say("workers   edits/s    of the best   beyond the model p50   p95   memory of a worker");
        var seed = 0;
        foreach (var workers in numbers)
        {
            await scaled.Fleet.GrowAsync(workers);
            // Programs compile themselves over their first edits; 64 of them on two processors do nothing else for minutes.
            await FillAsync(scaled, new LoadDriver(scaled.Local.Http, 100 + seed++) { Steps = 2 }, workers * Slots);
            var processors = new ProcessorTimes(scaled.Local, () => scaled.Fleet.Processes);
            var servers = await ServerLoad.ReadAsync(scaled.Local, Token);
            var (known, began) = (await ScaleMeasurement.ReadAsync(scaled.Local, Token), Stopwatch.GetTimestamp());
            var driver = new LoadDriver(scaled.Local.Http, 100 + seed++) { Steps = Steps };
            var rounds = (int)Number("ROUNDS", 3);
            await FillAsync(scaled, driver, workers * Slots * rounds);
            var edits = (await ScaleMeasurement.ReadAsync(scaled.Local, Token)).Skip(known.Count).ToArray();
            // From when every slot of every worker is taken until the last waiting edit is.
            var claims = edits.Select(edit => edit.Claimed).Order().ToArray();
            var (from, to) = (claims[(workers * Slots) - 1], claims[^1]);
            var rate = ScaleMeasurement.RateWithin(edits, from, to);
            var around = edits.Select(edit => edit.Done - edit.Claimed - TimeSpan.FromSeconds(Slots / Ideal)).Select(time => time < TimeSpan.Zero ? TimeSpan.Zero : time).ToArray();
            Say($"{workers,7}{rate,10:0.000}{rate / (workers * Ideal),14:0.0 %}{ScaleMeasurement.Quantile(around, 0.5).TotalSeconds,14:0.00} s{ScaleMeasurement.Quantile(around, 0.95).TotalSeconds,8:0.00} s"
                + $"{scaled.Fleet.Memory / 1e6,10:0} MB   (window {(to - from).TotalSeconds:0} s)");
            processors.Say(edits.Length, Stopwatch.GetElapsedTime(began));
            Say((await ServerLoad.ReadAsync(scaled.Local, Token)).Each(servers, edits.Length));
        }
    }

    /// <summary>KEDA's formula in the loop under load that comes as it likes, by single clients or in bursts.</summary>
    [Fact(Explicit = true)]
    public async Task Loop()
    {
        var bursty = Environment.GetEnvironmentVariable("FLEXEDIT_SCALE_LOAD") == "bursty";
        var (most, time) = ((int)Number("MOST", 16), TimeSpan.FromSeconds(Number("SECONDS", 180)));
        var single = Steps * GpuProfile.Step.TotalSeconds * Slower;
        // The same with batches and without, at which all workers are busy for three fifths of the time if none is batched.
        var rate = Number("RATE", 0.6 * most / single);
        // The chart's rules, with a target of three edits and every time a sixth, so that a run shows both ways.
        var rules = new ScalerRules { Min = 0, Max = most, Target = 3 * single }.Faster(6);
        await using var scaled = await ScaledDeployment.UpAsync(Slower, Slots, TimeSpan.FromSeconds(single * Slots * 1.5));
        Say($"GPUs {Slower} times slower than the profile ({single:0.0} s an edit alone), {Slots} in a batch, at most {most} workers, {rate:0.00} edits/s {(bursty ? "in bursts" : "by single clients")} for {time.TotalSeconds:0} s.");

        var (servers, processors, began) = (await ServerLoad.ReadAsync(scaled.Local, Token), new ProcessorTimes(scaled.Local), Stopwatch.GetTimestamp());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var changes = new List<ScaleChange>();
        var scaling = scaled.ScaleAsync(rules, change =>
        {
            changes.Add(change);
            Say($"  {change.At.TotalSeconds,5:0} s: {change.Metric,6:0} GPU-seconds, {change.From} → {change.To} workers");
        }, stop.Token);
        var driver = new LoadDriver(scaled.Local.Http, (int)Number("SEED", 1)) { Steps = Steps };
        await driver.RunAsync(bursty ? Arrivals.Bursty(rate, time, driver.Seed) : Arrivals.Poisson(rate, time, driver.Seed), Token);
        await CleanAsync(scaled, driver);
        while (scaled.Fleet.Count > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(250), Token);
        await stop.CancelAsync();
        await scaling;
        await scaled.Fleet.EndedAsync();

        var edits = await ScaleMeasurement.ReadAsync(scaled.Local, Token);
        var (waits, took) = (edits.Select(edit => edit.Wait).ToArray(), edits.Select(edit => edit.Took).ToArray());
        var good = took.Count(t => t.TotalSeconds <= 5 * single);
        var span = edits.Max(e => e.Done) - edits.Min(e => e.Created);
        var started = scaled.Fleet.Starts;
        Say($"edits {edits.Count}; within five times an edit alone ({5 * single:0} s): {(double)good / edits.Count:0.0 %}, goodput {good / span.TotalSeconds:0.00}/s");
        Say($"wait for a worker: p50 {Seconds(waits, 0.5)}, p95 {Seconds(waits, 0.95)}, p99 {Seconds(waits, 0.99)}; from submission to result: p50 {Seconds(took, 0.5)}, p95 {Seconds(took, 0.95)}, p99 {Seconds(took, 0.99)}");
        Say($"scaling lag: first worker wanted {changes.First(c => c.To > 0).At.TotalSeconds:0.0} s after the start, a worker ready {Seconds(started, 0.5)} (p95 {Seconds(started, 0.95)}) after it was wanted; {changes.Count} changes, most {changes.Max(c => c.To)}");
        Say($"cost: {scaled.Fleet.SecondsPaid:0} GPU-seconds paid, {scaled.Fleet.SecondsPaid / edits.Count:0.0} an edit; worked {edits.Sum(e => e.Model.TotalSeconds):0} ({edits.Sum(e => e.Model.TotalSeconds) / scaled.Fleet.SecondsPaid:0 %})");
        Say((await ServerLoad.ReadAsync(scaled.Local, Token)).Each(servers, edits.Count));
        processors.Say(edits.Count, Stopwatch.GetElapsedTime(began));
        scaled.Fleet.ExitCodes.ShouldAllBe(code => code == 0);
    }

    /// <summary>From many workers to none while edits come; some attempts end with their workers, and nothing is lost.</summary>
    [Fact(Explicit = true)]
    public async Task In()
    {
        var workers = (int)Number("MOST", 64);
        // Half of what a batch takes: some edits are finished by workers that end, and others given back.
        await using var scaled = await ScaledDeployment.UpAsync(Slower, Slots, TimeSpan.FromSeconds(0.5 * Slots / Ideal));
        await scaled.Fleet.GrowAsync(workers);
        var starts = scaled.Fleet.Starts;
        Say($"{workers} workers ready; a start took {Seconds(starts, 0.5)} (p95 {Seconds(starts, 0.95)}), {scaled.Fleet.Memory / 1e6:0} MB each");
        var driver = new LoadDriver(scaled.Local.Http, (int)Number("SEED", 1)) { Steps = Steps };
        var time = TimeSpan.FromSeconds(Number("SECONDS", 120));
        var load = driver.RunAsync(Arrivals.Poisson(Number("RATE", 2), time, driver.Seed), Token);
        await driver.UntilAsync(count => count >= 20, Token);
        var steps = 8;
        for (var i = 1; i <= steps; i++)
        {
            await Task.Delay(time / (steps + 3), Token);
            scaled.Fleet.Scale(workers * (steps - i) / steps);
            Say($"  {scaled.Fleet.Count} workers, {driver.Accepted.Count} edits accepted");
        }
        await scaled.Fleet.EndedAsync();
        Say($"all {workers} have ended; {await scaled.OutstandingAsync(Token):0} GPU-seconds outstanding");
        await load;
        await scaled.Fleet.GrowAsync((int)Number("AFTER", 8));
        var verdict = await CleanAsync(scaled, driver);
        Say(verdict.ToString());
        verdict.LostAttempts.ShouldBe(0, "a worker that is told to end gives back what it has");
        scaled.Fleet.ExitCodes.ShouldAllBe(code => code == 0);
    }

    private static async Task FillAsync(ScaledDeployment scaled, LoadDriver driver, int edits)
    {
        await Parallel.ForAsync(0, edits, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (_, token) => await driver.SubmitAsync(token));
        await CleanAsync(scaled, driver);
    }

    private static async Task<Verdict> CleanAsync(ScaledDeployment scaled, LoadDriver driver)
    {
        var verdict = await new Checker(scaled.Local, driver).CheckAsync(s_patience, Token);
        verdict.Failed.ShouldBeEmpty(verdict.ToString());
        (verdict.Lost.Count + verdict.Stuck.Count + verdict.Duplicated.Count + verdict.Damaged.Count).ShouldBe(0, verdict.ToString());
        verdict.Accepted.ShouldBe(driver.Submissions.Count, verdict.ToString());
        return verdict;
    }

    private static string Seconds(IEnumerable<TimeSpan> times, double share) => $"{ScaleMeasurement.Quantile(times, share).TotalSeconds:0.0} s";

    private static double Number(string name, double otherwise) =>
        Environment.GetEnvironmentVariable($"FLEXEDIT_SCALE_{name}") is { Length: > 0 } value ? double.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private static void Say(string line) => Console.WriteLine(line);
}
