using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Reads;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class EstimateCheckTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5, "p50", -1)]
    [InlineData(6, "p50", 0)]
    [InlineData(7, "beyond", 1)] // All recent edits took the same, so p90 is p50.
    public async Task Says_whether_work_began_within_the_first_estimate(int seconds, string within, double error)
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        using var measured = new Measured();
        var id = await EstimatedAsync(storage);

        await LookAsync(storage, id);
        measured.Values.ShouldBeEmpty();
        storage.Time.Advance(TimeSpan.FromSeconds(seconds));
        await storage.JobAsync(id); // A later estimate does not count.
        await storage.ClaimedAsync(id);
        await LookAsync(storage, id);
        await LookAsync(storage, id);

        measured.Values.ShouldBe([("flexedit.queue.estimates", 1, within), ("flexedit.queue.estimate_error", error, null)], ignoreOrder: true);
    }

    [Fact]
    public async Task Says_nothing_of_an_edit_that_never_began()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        using var measured = new Measured();
        var id = await EstimatedAsync(storage);

        await storage.CancelAsync(id);
        await LookAsync(storage, id);

        measured.Values.ShouldBeEmpty();
    }

    // Half of the edit at work and one that waits, 4 s each: 6 s.
    private static async Task<string> EstimatedAsync(StorageUnderTest storage)
    {
        for (var edits = 0; edits < 3; edits++)
        {
            var done = await storage.SubmitAsync();
            var understanding = await storage.ClaimedAsync(done);
            storage.Time.Advance(TimeSpan.FromSeconds(1));
            await storage.UnderstandAsync(understanding);
            var generating = await storage.ClaimedAsync(done, EditStage.Generating);
            storage.Time.Advance(TimeSpan.FromSeconds(3));
            await storage.GenerateAsync(generating);
        }
        await storage.ClaimedAsync(await storage.SubmitAsync());
        storage.Time.Advance(TimeSpan.FromMilliseconds(10));
        await storage.SubmitAsync();
        storage.Time.Advance(TimeSpan.FromMilliseconds(10));
        var id = await storage.SubmitAsync();
        (await storage.JobAsync(id)).ShouldContain("\"eta_seconds\":{\"p50\":6,\"p90\":6}");
        return id;
    }

    private static Task LookAsync(StorageUnderTest storage, string id) => storage.Get<EstimateCheck>().LookAsync(id, Token);

    private sealed class Measured : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string, double, string?)> _values = new();
        // Other tests measure at the same time.
        private readonly AsyncLocal<bool> _mine = new() { Value = true };

        public Measured()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name.StartsWith("flexedit.queue.estimate", StringComparison.Ordinal))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
            _listener.Start();
        }

        public IReadOnlyCollection<(string Name, double Value, string? Within)> Values => [.. _values];

        public void Dispose() => _listener.Dispose();

        private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? within = null;
            foreach (var (name, tag) in tags)
            {
                if (name == "within")
                    within = (string?)tag;
            }
            if (_mine.Value)
                _values.Enqueue((instrument.Name, value, within));
        }
    }
}
