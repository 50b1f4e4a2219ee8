using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Reads;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class QueueTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Numbers_the_edits_that_wait_for_the_same_stage()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var ids = new List<string>();
        for (var edits = 0; edits < 3; edits++)
        {
            ids.Add(await storage.SubmitAsync());
            storage.Time.Advance(TimeSpan.FromMilliseconds(10));
        }
        await storage.ClaimedAsync(ids[0]);

        (await QueueAsync(storage, ids[0])).ValueKind.ShouldBe(JsonValueKind.Null);
        (await QueueAsync(storage, ids[1])).GetRawText().ShouldBe("""{"position":1,"eta_seconds":null}""");
        (await QueueAsync(storage, ids[2])).GetProperty("position").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Estimates_from_what_recent_edits_took()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        for (var edits = 0; edits < 3; edits++)
        {
            var id = await storage.SubmitAsync();
            var understanding = await storage.ClaimedAsync(id);
            storage.Time.Advance(TimeSpan.FromSeconds(1));
            await storage.UnderstandAsync(understanding);
            storage.Time.Advance(TimeSpan.FromSeconds(20)); // Waiting is not work.
            var generating = await storage.ClaimedAsync(id, EditStage.Generating);
            storage.Time.Advance(TimeSpan.FromSeconds(3));
            await storage.GenerateAsync(generating);
        }
        await storage.ClaimedAsync(await storage.SubmitAsync());
        storage.Time.Advance(TimeSpan.FromMilliseconds(10));
        await storage.SubmitAsync();
        storage.Time.Advance(TimeSpan.FromMilliseconds(10));

        // Half of the edit at work and one that waits, 4 s each.
        (await QueueAsync(storage, await storage.SubmitAsync())).GetRawText().ShouldBe("""{"position":2,"eta_seconds":{"p50":6,"p90":6}}""");
    }

    [Fact]
    public void Estimates_nothing_from_two_edits() => QueueEstimate.Estimate(5, 1, [TimeSpan.TicksPerSecond, TimeSpan.TicksPerSecond]).ShouldBeNull();

    [Fact]
    public void Adds_the_spread_of_a_sum_to_the_upper_estimate()
    {
        long[] seconds = [1, 1, 1, 1, 1, 1, 1, 1, 5, 9];

        // Four rounds of 1 s; the 90 % value of one is 5 s, 4 s above; twice that for four.
        QueueEstimate.Estimate(4, 0, [.. seconds.Select(s => s * TimeSpan.TicksPerSecond)]).ShouldBe(new EtaView(4, 12));
    }

    private static async Task<JsonElement> QueueAsync(StorageUnderTest storage, string id) =>
        JsonDocument.Parse(await storage.JobAsync(id)).RootElement.GetProperty("queue");
}
