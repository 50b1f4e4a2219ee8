using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Gateway.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>Waits for an edit's end on behalf of <c>Prefer: wait=N</c>.</summary>
internal sealed partial class EditOutcome(EditFeed feed, IEditJournal journal, IOptions<GatewayOptions> options, TimeProvider time, ILogger<EditOutcome> log)
{
    /// <summary>Whether nothing more happens without the client.</summary>
    public static bool IsSettled(string status) => EditStatus.IsTerminal(status) || status == EditStatus.AwaitingApproval;

    /// <summary>The job when it is settled, or as it is after <paramref name="longest"/>; null where it could never be read.</summary>
    public async Task<EditJournal?> ReadAsync(string tenant, string editId, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var subscription = feed.Subscribe(editId);
        var begin = time.GetTimestamp();
        EditJournal? last = null;
        while (true)
        {
            last = await TryReadAsync(tenant, editId, cancellationToken) ?? last;
            var left = longest - time.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero || (last is not null && IsSettled(last.Status)))
                return last;
            await subscription.WaitAsync(left < options.Value.Reread ? left : options.Value.Reread, time, cancellationToken);
            subscription.Take();
        }
    }

    private async Task<EditJournal?> TryReadAsync(string tenant, string editId, CancellationToken cancellationToken)
    {
        try
        {
            return await journal.ReadAsync(tenant, editId, 0, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogUnreadable(problem, editId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {EditId} could not be read")]
    private partial void LogUnreadable(Exception problem, string editId);
}
