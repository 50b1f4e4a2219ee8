using System.Diagnostics;
using System.Globalization;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Following;

/// <summary>Many clients on one edit: all are told the same, none misses the end, and each costs little.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class CrowdTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-crowd").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Two_hundred_clients_are_told_the_same() => RunAsync([200]);

    /// <summary><c>benchmark/streams --clients N,N,N</c>.</summary>
    [Fact(Explicit = true)]
    public Task Thousands_of_clients_are_told_the_same() => RunAsync(
        [.. (Environment.GetEnvironmentVariable("FLEXEDIT_STREAMS_CLIENTS") ?? "1000,5000,10000").Split(',').Select(count => int.Parse(count, CultureInfo.InvariantCulture))]);

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private async Task RunAsync(int[] counts)
    {
        await using var server = await ServerProcess.StartAsync(
            _data,
            ("FLEXEDIT__Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")),
            ("FLEXEDIT__Models__Default", "simulated"),
            ("FLEXEDIT__Understanding__Engine", "simulated"),
            ("FLEXEDIT__Generation__Engine", "simulated"),
            ("FLEXEDIT__Generation__Simulation__StepTime", "00:00:00.300"));
        var calls = new EditCalls(server);
        var job = await calls.SubmitAsync(new EditForm { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60), Options = [("steps", "8"), ("pause_after", "understanding")] });
        while (job.Status != "awaiting_approval")
            job = await calls.GetAsync(job.Id);
        using var crowd = new Crowd(server.Address, job.Id);
        var alone = server.ResidentMemory();
        foreach (var count in counts)
        {
            var began = Stopwatch.GetTimestamp();
            await crowd.GrowAsync(count, Token);
            var memory = server.ResidentMemory();
            output.WriteLine($"{count} clients after {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s: {memory >> 20} MiB resident ({alone >> 20} MiB without), {(memory - alone) / 1024.0 / count:F1} KiB a client");
        }

        var again = await crowd.ReconnectAsync(10, Token);
        var approved = Stopwatch.GetTimestamp();
        using (var answer = await server.Http.PostAsync($"/v1/edits/{job.Id}/approve", null, Token))
            answer.EnsureSuccessStatusCode();
        // In the middle of it too.
        again += await crowd.ReconnectAsync(11, Token);
        await crowd.EndAsync();

        var end = await calls.GetAsync(job.Id);
        end.Status.ShouldBe("succeeded");
        var all = string.Join(", ", Enumerable.Range(1, (int)end.Sequence).Select(sequence => $"status {sequence}").Append($"done {end.Sequence}"));
        crowd.Members.Select(member => member.Told).Distinct().ShouldBe([all]);
        crowd.Arrivals[$"done {end.Sequence}"].Count.ShouldBe(counts[^1]);
        crowd.Members.Count(member => member.Steps > 0).ShouldBeGreaterThan(0);
        foreach (var (name, arrival) in crowd.Arrivals.OrderBy(one => one.Value.Last).Where(one => one.Value.Last > approved))
            output.WriteLine($"{name}: {arrival.Count} clients, {arrival.Spread.TotalMilliseconds:F0} ms from the first to the last");
        output.WriteLine($"{again} came again; approval to the last end {Stopwatch.GetElapsedTime(approved, crowd.Arrivals[$"done {end.Sequence}"].Last).TotalSeconds:F1} s; {server.PeakMemory() >> 20} MiB at most");
    }
}
