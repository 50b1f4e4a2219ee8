using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>
/// One client's view of one edit: the durable log from where the client has got to, then live. News on the bus only wake it;
/// what it says about the job's state it has read from the log, so that a lost message costs a moment and nothing else.
/// </summary>
internal sealed class EditStream(
    IEditJournal journal, IObjectStore objects, GatewayOptions options, TimeProvider time, EditSubscription subscription, string tenant)
{
    private const long LargestPreview = 512 * 1024;

    private int _attempt;
    private long _lastRead;
    private long _sent;

    /// <summary>Writes events until the edit has ended.</summary>
    /// <param name="first">The log as it was read when the request came.</param>
    /// <param name="after">Sequence number that the client has already.</param>
    /// <param name="sse">Where to write.</param>
    /// <param name="cancellationToken">The client left or the server stops.</param>
    public async Task RunAsync(EditJournal first, long after, SseWriter sse, CancellationToken cancellationToken)
    {
        _sent = after;
        _lastRead = time.GetTimestamp();
        for (var log = first; ;)
        {
            if (await WriteLogAsync(log, sse, cancellationToken))
                return;
            log = null;
            while (log is null)
            {
                await subscription.WaitAsync(Shorter(options.Reread, options.Heartbeat), time, cancellationToken);
                var progress = subscription.Take();
                // The log comes first: progress belongs to the state that it was made in.
                if (subscription.Newest > _sent || time.GetElapsedTime(_lastRead) >= options.Reread)
                {
                    _lastRead = time.GetTimestamp();
                    log = await journal.ReadAsync(tenant, subscription.EditId, _sent, cancellationToken);
                    if (log is null)
                        return; // The edit was deleted.
                }

                if (log is null || !EditStatus.IsTerminal(log.Status))
                    await WriteProgressAsync(progress, sse, cancellationToken);
                if (sse.Silence >= options.Heartbeat)
                    await sse.WriteHeartbeatAsync(cancellationToken);
            }
        }
    }

    private async Task<bool> WriteLogAsync(EditJournal log, SseWriter sse, CancellationToken cancellationToken)
    {
        foreach (var change in log.Events.Where(change => change.Sequence > _sent))
        {
            var data = JsonSerializer.Serialize(new { change.Sequence, change.Status, change.Stage }, ContractJson.Options);
            await sse.WriteEventAsync("status", Number(change.Sequence), data, cancellationToken);
            _sent = change.Sequence;
        }

        if (!EditStatus.IsTerminal(log.Status))
            return false;
        await sse.WriteEventAsync("done", Number(log.Sequence), log.Job, cancellationToken);
        return true;
    }

    private async Task WriteProgressAsync(IReadOnlyList<EditProgressed> progress, SseWriter sse, CancellationToken cancellationToken)
    {
        foreach (var step in progress.Where(step => step.Attempt >= _attempt))
        {
            _attempt = step.Attempt;
            var data = JsonSerializer.Serialize(new { step.Step, step.Steps, step.Output }, ContractJson.Options);
            await sse.WriteEventAsync("progress", StepId(step), data, cancellationToken);
        }

        // Of pictures that have piled up only the newest of each output is worth its bytes.
        foreach (var step in progress.Where(step => step.PreviewKey is not null && step.Attempt == _attempt).GroupBy(step => step.Output).Select(group => group.Last()))
        {
            if (await PreviewAsync(step.PreviewKey!, cancellationToken) is { } image)
            {
                var data = JsonSerializer.Serialize(new { step.Output, step.Step, Image = image }, ContractJson.Options);
                await sse.WriteEventAsync("preview", StepId(step), data, cancellationToken);
            }
        }
    }

    private async Task<string?> PreviewAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await using var preview = await objects.OpenAsync(key, cancellationToken);
            if (preview is null || preview.Length > LargestPreview)
                return null;
            var bytes = new byte[preview.Length];
            await preview.Content.ReadExactlyAsync(bytes, cancellationToken);
            return $"data:image/jpeg;base64,{Convert.ToBase64String(bytes)}";
        }
        catch (ObjectStoreException)
        {
            return null; // Previews may be lost.
        }
    }

    private string StepId(EditProgressed step) => string.Create(CultureInfo.InvariantCulture, $"{_sent}.{step.Step}");

    private static string Number(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
