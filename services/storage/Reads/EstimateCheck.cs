using System.Collections.Concurrent;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Reads;

/// <summary>
/// Holds estimates that clients were shown against what came of them: half of the edits should begin within the one of <c>p50</c>, nine of ten
/// within the one of <c>p90</c>. It takes some edits at a time, so that a busy ledger is not asked about each; of each the first estimate of
/// a wait counts, and only where a worker began.
/// </summary>
internal sealed class EstimateCheck(IDbContextFactory<LedgerContext> ledgers)
{
    private const int AtOnce = 64;
    private static readonly long GivenUpAfter = TimeSpan.FromHours(1).Ticks;
    private readonly ConcurrentDictionary<string, Estimate> _shown = new();

    /// <summary>A client was shown an estimate at a moment (UTC ticks).</summary>
    public void Note(EditRow edit, EtaView eta, long now)
    {
        // Nothing before it and nothing at work: there is no estimate to speak of.
        if (eta.P50 <= 0 || !HasRoom(now))
            return;
        var estimate = new Estimate(edit.WaitingFor!, edit.Model, eta, now);
        _shown.AddOrUpdate(edit.Id, estimate, (_, known) => known.Stage == estimate.Stage ? known : estimate);
    }

    /// <summary>An edit has changed; asks the ledger only about one that is looked after.</summary>
    public async Task LookAsync(string editId, CancellationToken cancellationToken)
    {
        if (!_shown.TryGetValue(editId, out var shown))
            return;
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var begun = await ledger.Attempts.Where(a => a.EditId == editId && a.Stage == shown.Stage && a.StartedAt >= shown.At)
            .OrderBy(a => a.Number).Select(a => (long?)a.StartedAt).FirstOrDefaultAsync(cancellationToken);
        if (begun is null && await ledger.Edits.AnyAsync(e => e.Id == editId && e.WaitingFor == shown.Stage, cancellationToken))
            return;
        // Of two looks at once, one counts.
        if (_shown.TryRemove(KeyValuePair.Create(editId, shown)) && begun is { } at)
            Measure(shown, TimeSpan.FromTicks(at - shown.At).TotalSeconds);
    }

    private static void Measure(Estimate shown, double waited) => LedgerMetrics.Estimated(
        shown.Stage, shown.Model, waited <= shown.Eta.P50 ? "p50" : waited <= shown.Eta.P90 ? "p90" : "beyond", waited - shown.Eta.P50);

    // What ended without this process being told is given up.
    private bool HasRoom(long now)
    {
        if (_shown.Count < AtOnce)
            return true;
        foreach (var old in _shown.Where(entry => entry.Value.At < now - GivenUpAfter))
            _shown.TryRemove(old);
        return _shown.Count < AtOnce;
    }

    private sealed record Estimate(string Stage, string Model, EtaView Eta, long At);
}
