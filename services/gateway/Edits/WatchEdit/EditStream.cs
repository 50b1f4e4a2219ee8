using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Hosting;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>
/// One client's view of one edit: the durable log from where the client has got to, then live. News on the bus only wake it;
/// what it says about the job's state it has read from the log, so that a lost message costs a moment and nothing else.
/// </summary>
internal sealed class EditStream(SharedLog shared, GatewayOptions options, TimeProvider time, EditSubscription subscription)
{
    private int _attempt;
    private long _lastRead;
    private long _sent;

    /// <summary>Tells events until the edit has ended.</summary>
    /// <param name="first">The log as it was read when the request came.</param>
    /// <param name="after">Sequence number that the client has already.</param>
    /// <param name="sse">The connection, which heartbeats keep open.</param>
    /// <param name="events">Who says it, in the words of the door.</param>
    /// <param name="cancellationToken">The client left or the server stops.</param>
    public async Task RunAsync(EditJournal first, long after, SseWriter sse, IEditEvents events, CancellationToken cancellationToken)
    {
        _sent = after;
        _lastRead = time.GetTimestamp();
        for (var log = first; ;)
        {
            if (await TellLogAsync(log, events, cancellationToken))
                return;
            log = null;
            while (log is null)
            {
                await subscription.WaitAsync(Shorter(options.Reread, options.Heartbeat), time, cancellationToken);
                var progress = subscription.Take();
                // The log comes first: progress belongs to the state that it was made in.
                var isKnown = subscription.Newest > _sent;
                if (isKnown || time.GetElapsedTime(_lastRead) >= options.Reread)
                {
                    _lastRead = time.GetTimestamp();
                    log = await shared.ReadAsync(subscription.Newest, isKnown, options.Reread / 2, cancellationToken);
                    if (log is null)
                        return; // The edit was deleted.
                }

                if (log is null || !EditStatus.IsTerminal(log.Status))
                    await TellProgressAsync(progress, events, cancellationToken);
                if (sse.Silence >= options.Heartbeat)
                    await sse.WriteHeartbeatAsync(cancellationToken);
            }
        }
    }

    private async Task<bool> TellLogAsync(EditJournal log, IEditEvents events, CancellationToken cancellationToken)
    {
        foreach (var change in log.Events.Where(change => change.Sequence > _sent))
        {
            await events.ChangedAsync(change, cancellationToken);
            _sent = change.Sequence;
        }

        if (!EditStatus.IsTerminal(log.Status))
            return false;
        await events.EndedAsync(log, cancellationToken);
        return true;
    }

    private async Task TellProgressAsync(IReadOnlyList<EditProgressed> progress, IEditEvents events, CancellationToken cancellationToken)
    {
        foreach (var step in progress.Where(step => step.Attempt >= _attempt))
        {
            _attempt = step.Attempt;
            await events.ProgressedAsync(step, _sent, cancellationToken);
        }

        // Of pictures that have piled up only the newest of each output is worth its bytes.
        foreach (var step in progress.Where(step => step.PreviewKey is not null && step.Attempt == _attempt).GroupBy(step => step.Output).Select(group => group.Last()))
        {
            if (events.WantsPreview(step) && await shared.PreviewAsync(step.PreviewKey!, cancellationToken) is { } preview)
                await events.PreviewedAsync(step, _sent, preview, cancellationToken);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
