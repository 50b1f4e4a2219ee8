using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Attempts;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Telemetry;

/// <summary>
/// The work that is not done yet, by stage and model: what a scaler needs to know. An edit counts as a whole until its stage is done, however far
/// the work on it is, so that a worker that is busy is never counted as idle.
/// </summary>
internal sealed class OutstandingWork(IDbContextFactory<LedgerContext> ledgers, TimeProvider time) : IDisposable
{
    /// <summary>GPU-seconds of an edit where none of its stage and model has been done yet.</summary>
    public const double Unknown = 1;

    private const int Sample = 20;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _measuring = new(1, 1);
    private IReadOnlyList<StageWork>? _measured;
    private long _measuredAt;

    /// <summary>All stages and models with work, at most a second old.</summary>
    public async Task<IReadOnlyList<StageWork>> MeasureAsync(CancellationToken cancellationToken)
    {
        await _measuring.WaitAsync(cancellationToken);
        try
        {
            if (_measured is null || time.GetElapsedTime(_measuredAt) >= Fresh)
                (_measured, _measuredAt) = (await CountAsync(cancellationToken), time.GetTimestamp());
            return _measured;
        }
        finally
        {
            _measuring.Release();
        }
    }

    /// <summary>One stage and model; all zero where there is no work.</summary>
    public async Task<StageWork> OfAsync(string stage, string model, CancellationToken cancellationToken) =>
        (await MeasureAsync(cancellationToken)).FirstOrDefault(w => w.Stage == stage && w.Model == model) ?? new StageWork(stage, model, 0, 0, 0);

    /// <summary>Whether it is a stage that workers do.</summary>
    public static bool IsStage(string stage) => stage is EditStage.Understanding or EditStage.Generating;

    /// <inheritdoc/>
    public void Dispose() => _measuring.Dispose();

    private async Task<IReadOnlyList<StageWork>> CountAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var queued = await ledger.Edits.Where(e => e.WaitingFor != null).GroupBy(e => new { Stage = e.WaitingFor!, e.Model })
            .Select(g => new { g.Key.Stage, g.Key.Model, Count = g.Count() }).ToListAsync(cancellationToken);
        var running = await ledger.Edits.Where(e => e.LiveAttempt != null).GroupBy(e => new { Stage = e.LiveStage!, e.Model })
            .Select(g => new { g.Key.Stage, g.Key.Model, Count = g.Count() }).ToListAsync(cancellationToken);
        var all = new List<StageWork>();
        foreach (var (stage, model) in queued.Concat(running).Select(w => (w.Stage, w.Model)).Distinct().Order())
        {
            var (q, r) = (Of(queued.Where(w => w.Stage == stage && w.Model == model).Select(w => w.Count)), Of(running.Where(w => w.Stage == stage && w.Model == model).Select(w => w.Count)));
            all.Add(new StageWork(stage, model, q, r, (q + r) * await SecondsAsync(ledger, stage, model, cancellationToken)));
        }
        return all;

        static int Of(IEnumerable<int> counts) => counts.FirstOrDefault();
    }

    // What a stage took the model on the average of its newest edits.
    private static async Task<double> SecondsAsync(LedgerContext ledger, string stage, string model, CancellationToken cancellationToken)
    {
        var newest = ledger.Edits.Where(e => e.Model == model && e.WorkTicks != null).OrderByDescending(e => e.CompletedAt).Take(Sample).Select(e => e.Id);
        var times = await ledger.Attempts.Where(a => newest.Contains(a.EditId) && a.Stage == stage && a.Outcome == AttemptOutcome.Ok && a.ModelMs != null)
            .Select(a => a.ModelMs!.Value).ToListAsync(cancellationToken);
        return times.Count == 0 ? Unknown : times.Average() / 1000;
    }
}

/// <summary>The work of one stage and model that is not done yet.</summary>
/// <param name="Stage">One of <see cref="EditStage"/>.</param>
/// <param name="Model">The model's id.</param>
/// <param name="Queued">Edits that wait for a worker, held back and put off ones included.</param>
/// <param name="Running">Edits that a worker holds.</param>
/// <param name="GpuSeconds">Both together times what an edit has taken the model lately, or <see cref="OutstandingWork.Unknown"/>.</param>
internal sealed record StageWork(string Stage, string Model, int Queued, int Running, double GpuSeconds);
