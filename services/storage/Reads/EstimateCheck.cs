using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Reads;

/// <summary>
/// Holds the estimates that clients were shown against what came of them: half of the edits should begin within the one of <c>p50</c>, nine of
/// ten within the one of <c>p90</c>. The first estimate of each wait counts, and only where a worker began.
/// </summary>
internal sealed class EstimateCheck : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "FlexEdit.Queue";

    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<string, Estimate> _shown = new();
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _within;
    private readonly Histogram<double> _error;
    private readonly IDbContextFactory<LedgerContext> _ledgers;

    public EstimateCheck(IDbContextFactory<LedgerContext> ledgers)
    {
        _ledgers = ledgers;
        _within = _meter.CreateCounter<long>(
            "flexedit.queue.estimates", description: "Waits that ended, by whether they did within the estimate p50, within p90, or beyond.");
        _error = _meter.CreateHistogram<double>("flexedit.queue.estimate_error", "s", "Wait less the estimate p50.");
    }

    /// <summary>A client was shown an estimate at a moment (UTC ticks).</summary>
    public void Note(EditRow edit, EtaView eta, long now)
    {
        if (_shown.Count >= MostRemembered)
            _shown.Clear();
        var estimate = new Estimate(edit.WaitingFor!, edit.Model, eta, now);
        _shown.AddOrUpdate(edit.Id, estimate, (_, known) => known.Stage == estimate.Stage ? known : estimate);
    }

    /// <summary>An edit has changed; asks the ledger only about one that was estimated.</summary>
    public async Task LookAsync(string editId, CancellationToken cancellationToken)
    {
        if (!_shown.TryGetValue(editId, out var shown))
            return;
        await using var ledger = await _ledgers.CreateDbContextAsync(cancellationToken);
        var begun = await ledger.Attempts.Where(a => a.EditId == editId && a.Stage == shown.Stage && a.StartedAt >= shown.At)
            .OrderBy(a => a.Number).Select(a => (long?)a.StartedAt).FirstOrDefaultAsync(cancellationToken);
        if (begun is null && await ledger.Edits.AnyAsync(e => e.Id == editId && e.WaitingFor == shown.Stage, cancellationToken))
            return;
        // Of two looks at once, one counts.
        if (_shown.TryRemove(KeyValuePair.Create(editId, shown)) && begun is { } at)
            Measure(shown, TimeSpan.FromTicks(at - shown.At).TotalSeconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Measure(Estimate shown, double waited)
    {
        var tags = new KeyValuePair<string, object?>[] { new("stage", shown.Stage), new("model", shown.Model) };
        var within = waited <= shown.Eta.P50 ? "p50" : waited <= shown.Eta.P90 ? "p90" : "beyond";
        _within.Add(1, [.. tags, new("within", within)]);
        _error.Record(waited - shown.Eta.P50, tags);
    }

    private sealed record Estimate(string Stage, string Model, EtaView Eta, long At);
}
