using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Tests.Integration.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>A small <c>benchmark/scale loop</c>: from no worker to some and back by what a real storage says is outstanding.</summary>
public sealed class SmallScaleTests(Cloud cloud) : CloudTest(cloud)
{
    [Fact]
    public async Task Workers_come_with_the_work_and_go_after_it_and_no_edit_is_begun_twice()
    {
        var port = FreePorts.Next();
        await using var reader = Cloud.Start("FlexEdit.Storage", ("Telemetry__Url", $"http://127.0.0.1:{port}"));
        await reader.ReadyAsync();
        await Cloud.Generation.KillAsync();
        await using var fleet = new WorkerFleet(Cloud.Worker(("Workers__DrainFor", "00:00:20"), ("Generation__Slots", "1")));
        string[] ids = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Cloud.SubmittedAsync(steps: 10)))];
        var page = new Uri($"http://127.0.0.1:{port}/outstanding/generating/{Cloud.Model}");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var (metric, queued) = (0.0, 0);
        while (queued < ids.Length)
        {
            await tick.WaitForNextTickAsync(limit.Token);
            (metric, queued) = await OutstandingAsync(page);
        }

        // How many seconds six edits are is a matter of the machine; work for two workers they are on every one.
        var scaler = new KedaScaler(new ScalerRules { Min = 0, Max = 2, Target = metric / 2, StepUp = 1, Cooldown = TimeSpan.FromMinutes(5) }.Faster(60));
        var most = 0;
        var started = Stopwatch.GetTimestamp();
        do
        {
            (metric, _) = await OutstandingAsync(page);
            fleet.Scale(scaler.Poll(Stopwatch.GetElapsedTime(started), metric, fleet.Count));
            fleet.Scale(scaler.Sync(Stopwatch.GetElapsedTime(started), metric, fleet.Count));
            most = Math.Max(most, fleet.Count);
            await tick.WaitForNextTickAsync(limit.Token);
        }
        while (fleet.Count > 0 || most == 0);
        await fleet.EndedAsync();

        most.ShouldBe(2);
        fleet.ExitCodes.ShouldNotBeEmpty();
        fleet.ExitCodes.ShouldAllBe(code => code == 0);
        foreach (var id in ids)
        {
            var job = await Cloud.JobAsync(id);
            Cloud.StatusOf(job).ShouldBe("succeeded");
            job.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()).ShouldBe(["ok", "ok"]);
        }
    }

    private static async Task<(double GpuSeconds, int Queued)> OutstandingAsync(Uri page)
    {
        using var http = new HttpClient();
        var work = JsonDocument.Parse(await http.GetStringAsync(page, TestContext.Current.CancellationToken)).RootElement;
        return (work.GetProperty("gpu_seconds").GetDouble(), work.GetProperty("queued").GetInt32());
    }
}
