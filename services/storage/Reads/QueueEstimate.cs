using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Reads;

/// <summary>Where a waiting edit stands, and when work on it is likely to begin.</summary>
internal sealed class QueueEstimate(IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, EstimateCheck check)
{
    private const int Sample = 20;
    private const int LeastSample = 3;
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    /// <summary>Position and estimate of an edit that waits.</summary>
    public async Task<QueueView> OfAsync(EditRow edit, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var ahead = await ledger.Edits.CountAsync(
            e => e.WaitingFor == edit.WaitingFor && e.Model == edit.Model
                && (e.CreatedAt < edit.CreatedAt || (e.CreatedAt == edit.CreatedAt && e.Id.CompareTo(edit.Id) < 0)),
            cancellationToken);
        var now = await database.NowAsync(ledger, cancellationToken);
        var since = now - Recent.Ticks;
        var recent = await ledger.Edits.Where(e => e.Model == edit.Model && e.WorkTicks != null && e.CompletedAt >= since)
            .OrderByDescending(e => e.CompletedAt).Select(e => e.WorkTicks!.Value).Take(Sample).ToListAsync(cancellationToken);
        var running = await ledger.Edits.CountAsync(e => e.LiveAttempt != null && e.Model == edit.Model, cancellationToken);
        var eta = Estimate(ahead, running, recent);
        if (eta is not null)
            check.Note(edit, eta, now);
        return new QueueView(ahead + 1, eta);
    }

    /// <summary>
    /// Edits ahead of this one and half of one at work on each place, every one as long as the recent ones, on as many places as are at work
    /// now. The 90 % value adds the spread of a sum of independent durations. Seconds, one decimal.
    /// </summary>
    internal static EtaView? Estimate(int ahead, int running, IReadOnlyCollection<long> recentTicks)
    {
        if (recentTicks.Count < LeastSample)
            return null;
        var sorted = recentTicks.Order().Select(ticks => ticks / (double)TimeSpan.TicksPerSecond).ToArray();
        var median = sorted[sorted.Length / 2];
        var high = sorted[(int)Math.Ceiling(sorted.Length * 0.9) - 1];
        var places = Math.Max(1, running);
        var rounds = (ahead / (double)places) + (running > 0 ? 0.5 : 0);
        var p50 = rounds * median;
        return new EtaView(Math.Round(p50, 1), Math.Round(p50 + (Math.Sqrt(rounds) * Math.Max(0, high - median)), 1));
    }
}
