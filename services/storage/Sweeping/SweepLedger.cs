using System.Diagnostics.Metrics;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Attempts;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Sweeping;

/// <summary>
/// Moves on what should be moving and is not. Each step finds candidates by an index and then decides in a transaction of its own on what is
/// there by then, so that any number of sweepers may run.
/// </summary>
internal sealed class SweepLedger(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database)
{
    private const int Batch = 200;
    private static readonly Meter s_meter = new("FlexEdit.Storage");
    private static readonly Counter<long> s_lost = s_meter.CreateCounter<long>("flexedit.attempts.lost", description: "Attempts whose worker was lost or ran too long.");

    /// <summary>One pass.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        long now;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
            now = await database.NowAsync(ledger, cancellationToken);
        await EachAsync(edits => edits.Where(e => e.LiveAttempt != null && e.RunUntil <= now), EndOverdueRunAsync, cancellationToken);
        await EachAsync(edits => edits.Where(e => e.LiveAttempt != null && e.LeaseUntil <= now), TakeExpiredLeaseAsync, cancellationToken);
        await EachAsync(
            edits => edits.Where(e => e.LiveAttempt == null && e.CompletedAt == null && e.WaitUntil <= now), EndWaitAsync, cancellationToken);
        await EachAsync(edits => edits.Where(e => e.WaitingFor != null && !e.Held && e.HintAfter <= now), ResendCommandAsync, cancellationToken);
    }

    /// <summary>
    /// For a ledger with one owner, at its start: no worker of an earlier process lives and no message of it is left, so every lease is taken,
    /// every command sent again and every line of a batch handed out again at once.
    /// </summary>
    public async Task TakeOverAsync(CancellationToken cancellationToken)
    {
        List<string> live, waiting;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
        {
            live = await ledger.Edits.Where(e => e.LiveAttempt != null).Select(e => e.Id).ToListAsync(cancellationToken);
            waiting = await ledger.Edits.Where(e => e.WaitingFor != null && !e.Held).OrderBy(e => e.CreatedAt).Select(e => e.Id).ToListAsync(cancellationToken);
        }
        foreach (var id in waiting)
        {
            await ChangeAsync(
                id,
                (_, flow) =>
                {
                    if (flow.Edit is { WaitingFor: not null, Held: false })
                        flow.SendCommandAgain();
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
        foreach (var id in live)
            await ChangeAsync(id, LoseAttemptAsync, cancellationToken);
        await writer.WriteAsync(
            change => change.Ledger.BatchLines.Where(l => l.State == LineState.Waiting && l.TakenUntil > change.Now)
                .ExecuteUpdateAsync(row => row.SetProperty(l => l.TakenUntil, 0L), cancellationToken),
            cancellationToken);
    }

    private static Task TakeExpiredLeaseAsync(LedgerChange change, EditFlow flow) =>
        flow.Edit.LeaseUntil <= change.Now ? LoseAttemptAsync(change, flow) : Task.CompletedTask;

    private static async Task LoseAttemptAsync(LedgerChange change, EditFlow flow)
    {
        if (await LiveAttemptAsync(change, flow.Edit) is not { } attempt)
            return;
        var canceling = flow.Edit.Status == EditStatus.Canceling;
        flow.EndAttempt(attempt, AttemptOutcome.Lost, errorCode: ErrorCodes.WorkerLost);
        s_lost.Add(1, new KeyValuePair<string, object?>("stage", attempt.Stage), new KeyValuePair<string, object?>("reason", AttemptOutcome.Lost));
        if (canceling)
        {
            flow.Canceled(stepsRun: 0, modelMs: 0);
            return;
        }
        flow.RetryOrFail(attempt.Stage, new EditError
        {
            Code = ErrorCodes.WorkerLost,
            Detail = $"The worker was lost while it worked on the edit, {flow.Edit.StageAttempts} time(s).",
            Retryable = true,
        });
    }

    private static async Task EndOverdueRunAsync(LedgerChange change, EditFlow flow)
    {
        if (flow.Edit.RunUntil > change.Now || await LiveAttemptAsync(change, flow.Edit) is not { } attempt)
            return;
        var canceling = flow.Edit.Status == EditStatus.Canceling;
        flow.EndAttempt(attempt, AttemptOutcome.DeadlineExceeded, errorCode: ErrorCodes.DeadlineExceeded);
        s_lost.Add(1, new KeyValuePair<string, object?>("stage", attempt.Stage), new KeyValuePair<string, object?>("reason", AttemptOutcome.DeadlineExceeded));
        change.Send(flow.Edit, new EditCancelRequested { EditId = flow.Edit.Id, Attempt = attempt.Number }, change.Now);
        if (canceling)
        {
            flow.Canceled(stepsRun: 0, modelMs: 0);
            return;
        }
        flow.Fail(new EditError
        {
            Code = ErrorCodes.DeadlineExceeded,
            Detail = $"The edit was worked on for longer than {change.Rules.RunDeadline.TotalSeconds:0} s.",
            Retryable = true,
        });
    }

    private static Task EndWaitAsync(LedgerChange change, EditFlow flow)
    {
        if (!flow.HasEnded && flow.Edit.LiveAttempt is null && flow.Edit.WaitUntil <= change.Now)
            flow.WaitedTooLong();
        return Task.CompletedTask;
    }

    private static Task ResendCommandAsync(LedgerChange change, EditFlow flow)
    {
        if (flow.Edit is { WaitingFor: not null, Held: false } && flow.Edit.HintAfter <= change.Now)
            flow.SendCommandAgain();
        return Task.CompletedTask;
    }

    private static async Task<AttemptRow?> LiveAttemptAsync(LedgerChange change, EditRow edit) =>
        edit.LiveAttempt is { } number ? await change.Ledger.Attempts.FindAsync(edit.Id, number) : null;

    private async Task EachAsync(
        Func<IQueryable<EditRow>, IQueryable<EditRow>> candidates, Func<LedgerChange, EditFlow, Task> move, CancellationToken cancellationToken)
    {
        List<string> ids;
        await using (var ledger = await ledgers.CreateDbContextAsync(cancellationToken))
            ids = await candidates(ledger.Edits).OrderBy(e => e.Id).Select(e => e.Id).Take(Batch).ToListAsync(cancellationToken);
        foreach (var id in ids)
            await ChangeAsync(id, move, cancellationToken);
    }

    private Task ChangeAsync(string editId, Func<LedgerChange, EditFlow, Task> move, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await change.FindEditAsync(editId) is { } flow)
                await move(change, flow);
        },
        cancellationToken);
}
