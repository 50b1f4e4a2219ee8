using System.Diagnostics.Metrics;
using FlexEdit.Platform.Telemetry;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Telemetry;

/// <summary>
/// Looks at the ledger every 5 s for what is only to be seen there, where somebody collects metrics. Every storage process shows the same: take the maximum
/// over them, not the sum.
/// </summary>
internal sealed partial class LedgerGauges : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly Meter _meter = new(LedgerMetrics.MeterName);
    private readonly OutstandingWork _work;
    private readonly IDbContextFactory<LedgerContext> _ledgers;
    private readonly ILedgerDatabase _database;
    private readonly TelemetryOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile Seen? _seen;

    public LedgerGauges(
        OutstandingWork work, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, IOptions<TelemetryOptions> options, TimeProvider time, ILogger<LedgerGauges> log)
    {
        (_work, _ledgers, _database, _options, _time, _log) = (work, ledgers, database, options.Value, time, log);
        _meter.CreateObservableGauge("flexedit.work.queued", () => Each(w => (long)w.Queued), description: "Edits that wait for a worker, by stage and model.");
        _meter.CreateObservableGauge("flexedit.work.running", () => Each(w => (long)w.Running), description: "Edits that a worker holds a lease of, by stage and model.");
        _meter.CreateObservableGauge("flexedit.work.outstanding", () => Each(w => w.GpuSeconds), "s", "Estimated time inside the model of what waits and runs, by stage and model.");
        _meter.CreateObservableGauge("flexedit.outbox.messages", () => One(s => (long)s.Messages), description: "Messages in the outbox, those that are to be sent later included.");
        _meter.CreateObservableGauge("flexedit.outbox.age", () => One(s => s.Age), "s", "How long the oldest message of the outbox has been due.");
    }

    /// <summary>Looks once.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var ledger = await _ledgers.CreateDbContextAsync(cancellationToken);
        var work = await _work.MeasureAsync(cancellationToken);
        // What was seen before and is done now shows zero and not its last value.
        var gone = (_seen?.Work ?? []).Where(w => !work.Any(now => now.Stage == w.Stage && now.Model == w.Model)).Select(w => w with { Queued = 0, Running = 0, GpuSeconds = 0 });
        var messages = await ledger.Outbox.CountAsync(cancellationToken);
        var oldest = await ledger.Outbox.MinAsync(m => (long?)m.SendAfter, cancellationToken);
        var now = await _database.NowAsync(ledger, cancellationToken);
        _seen = new Seen([.. work, .. gone], messages, Math.Max(0, now - (oldest ?? now)) / (double)TimeSpan.TicksPerSecond);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Port == 0)
            return;
        using var timer = new PeriodicTimer(Every, _time);
        do
        {
            try
            {
                await MeasureAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // Values that nobody has looked after are worse than none.
                _seen = null;
                LogTrouble(_log, problem);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<T>> Each<T>(Func<StageWork, T> value)
        where T : struct => (_seen?.Work ?? []).Select(w => new Measurement<T>(value(w), new KeyValuePair<string, object?>("stage", w.Stage), new KeyValuePair<string, object?>("model", w.Model)));

    private IEnumerable<Measurement<T>> One<T>(Func<Seen, T> value)
        where T : struct => _seen is { } seen ? [new Measurement<T>(value(seen))] : [];

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outstanding work could not be counted; it is tried again.")]
    internal static partial void LogTrouble(ILogger log, Exception problem);

    private sealed record Seen(IReadOnlyList<StageWork> Work, int Messages, double Age);
}
