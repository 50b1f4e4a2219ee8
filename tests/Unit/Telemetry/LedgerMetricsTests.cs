using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Telemetry;
using FlexEdit.Tests.Unit.Storage;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Telemetry;

/// <summary>What is counted of an edit's life. Other tests count in the same process, so each looks for values that nobody else has.</summary>
public sealed class LedgerMetricsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ConcurrentBag<(string Name, double Value, string Tags)> _seen = [];
    private readonly MeterListener _listener = new();

    public LedgerMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == LedgerMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument.Name, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Times_each_wait_each_attempt_and_the_whole()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        storage.Time.Advance(TimeSpan.FromSeconds(1234.5));
        var attempt = await storage.ClaimedAsync(id);
        storage.Time.Advance(TimeSpan.FromSeconds(77.25));
        await storage.UnderstandAsync(attempt);
        storage.Time.Advance(TimeSpan.FromSeconds(0.125));
        await storage.GenerateAsync(await storage.ClaimedAsync(id, EditStage.Generating));

        _seen.ShouldContain(m => m.Name == "flexedit.queue.wait" && m.Value == 1234.5 && m.Tags.Contains("stage=understanding"));
        _seen.ShouldContain(m => m.Name == "flexedit.queue.wait" && m.Value == 0.125 && m.Tags.Contains("stage=generating"));
        _seen.ShouldContain(m => m.Name == "flexedit.stage.duration" && m.Value == 77.25 && m.Tags.Contains("outcome=ok"));
        _seen.ShouldContain(m => m.Name == "flexedit.stage.model_time" && m.Value == 0.9 && m.Tags.Contains("stage=generating"));
        _seen.ShouldContain(m => m.Name == "flexedit.edits.duration" && m.Value == 1311.875 && m.Tags.Contains("status=succeeded"));
    }

    [Fact]
    public async Task Counts_nothing_of_what_was_not_committed()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var id = await storage.SubmitAsync();
        storage.Time.Advance(TimeSpan.FromSeconds(2345.75));
        var attempt = await storage.ClaimedAsync(id);
        // Another worker asks for the same: its claim changes nothing.
        (await storage.ClaimAsync(id)).ShouldBeNull();

        _seen.Count(m => m.Name == "flexedit.queue.wait" && m.Value == 2345.75).ShouldBe(1);
        storage.Time.Advance(TimeSpan.FromSeconds(3));
        (await storage.FailAsync(attempt with { Attempt = 7 })).ShouldBeFalse();
        _seen.ShouldNotContain(m => m.Name == "flexedit.stage.duration" && m.Value == 3 && m.Tags.Contains("outcome=failed"));
    }

    private void Keep(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = "";
        foreach (var (key, tag) in tags)
            text += $"{key}={tag} ";
        _seen.Add((name, value, text));
    }
}
