using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Contracts.Models;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Telemetry;
using FlexEdit.Storage.Usage;
using FlexEdit.Storage.Webhooks.Events;

namespace FlexEdit.Storage.Edits;

/// <summary>
/// The life of an edit: every change of its state is one of the verbs below, made inside a <see cref="LedgerChange"/>.
/// <code>
/// queued ──claim──▶ processing/understanding ──finish──▶ processing/generating ──claim, finish──▶ succeeded
///   │ deadline         │  ▲ lost, failed: wait, again        │ or awaiting_approval ──deadline──▶ expired
///   ▼                  ▼  │ (MaxAttempts a stage)            ▼
/// expired            failed (last attempt; ran or waited too long)
/// approve: awaiting_approval ──▶ processing/generating; with a correction ──▶ processing/understanding, then straight on
/// cancel: nobody works on it ──▶ canceled;   claimed ──▶ canceling ──let go or lease over──▶ canceled
/// </code>
/// Each verb that changes what a client sees ends in <see cref="Record"/>: one event, one number.
/// </summary>
internal sealed class EditFlow(LedgerChange change, EditRow edit)
{
    /// <summary>The row.</summary>
    public EditRow Edit => edit;

    /// <summary>Whether the edit has ended; it then never changes again.</summary>
    public bool HasEnded => EditStatus.IsTerminal(edit.Status);

    /// <summary>A new edit waits for its understanding, at most <paramref name="patience"/>.</summary>
    public void Submit(TimeSpan patience)
    {
        Wait(EditStage.Understanding, TimeSpan.Zero, patience, inTurn: true);
        Record();
        change.Count(() => LedgerMetrics.Submitted(edit.Model));
    }

    /// <summary>A worker takes the next attempt. It is counted now, before the work.</summary>
    public AttemptRow Claim(string stage, string worker, string? claimId)
    {
        var waited = change.Now - edit.RunAfter;
        change.Count(() => LedgerMetrics.Claimed(stage, edit.Model, waited));
        edit.LastAttempt++;
        edit.StageAttempts++;
        (edit.WaitingFor, edit.Held) = (null, false);
        change.NoteRoom();
        (edit.LiveAttempt, edit.LiveStage) = (edit.LastAttempt, stage);
        edit.RunUntil = change.Now + change.Rules.RunDeadline.Ticks;
        (edit.Status, edit.Stage) = (EditStatus.Processing, stage);
        edit.StartedAt ??= change.Now;
        ExtendLease();
        var attempt = new AttemptRow { EditId = edit.Id, Number = edit.LastAttempt, Stage = stage, Worker = worker, ClaimId = claimId, StartedAt = change.Now };
        change.Ledger.Attempts.Add(attempt);
        Record();
        return attempt;
    }

    /// <summary>The live attempt counts for another lease.</summary>
    public void ExtendLease()
    {
        edit.LeaseUntil = change.Now + change.Rules.Lease.Ticks;
        edit.Version++;
    }

    /// <summary>The live attempt is over. Follow it with the verb that says what comes next.</summary>
    public void EndAttempt(AttemptRow attempt, string outcome, double? modelMs = null, string? errorCode = null)
    {
        (attempt.EndedAt, attempt.Outcome, attempt.ModelMs, attempt.ErrorCode) = (change.Now, outcome, modelMs, errorCode);
        change.Count(() => LedgerMetrics.AttemptEnded(attempt.Stage, edit.Model, outcome, change.Now - attempt.StartedAt, modelMs));
        edit.ModelMs += modelMs ?? 0;
        (edit.LiveAttempt, edit.LiveStage, edit.LeaseUntil, edit.RunUntil) = (null, null, null, null);
    }

    /// <summary>The understanding is there: on to the generation, or to the client where it asked to see it first.</summary>
    public void Understood(UnderstandingResult result, bool pause)
    {
        edit.UnderstandingJson = JsonSerializer.Serialize(result, ContractJson.Options);
        edit.StageAttempts = 0;
        if (pause)
        {
            edit.Status = EditStatus.AwaitingApproval;
            edit.WaitUntil = change.Now + change.Rules.ApprovalDeadline.Ticks;
        }
        else
        {
            edit.Stage = EditStage.Generating;
            Wait(EditStage.Generating, TimeSpan.Zero, change.Rules.QueueDeadline, inTurn: true);
        }
        Record();
    }

    /// <summary>The client lets the edit go on: to the generation, or, where it corrected something, to another understanding first.</summary>
    public void Approve(Approval approval, bool corrected)
    {
        edit.ApprovalJson = JsonSerializer.Serialize(approval, ContractJson.Options);
        edit.Status = EditStatus.Processing;
        edit.Stage = corrected ? EditStage.Understanding : EditStage.Generating;
        if (corrected)
            edit.UnderstandingJson = null;
        Wait(edit.Stage, TimeSpan.Zero, change.Rules.QueueDeadline, inTurn: true);
        Record();
    }

    /// <summary>The pictures are there.</summary>
    public void Succeed(IReadOnlyList<EditOutput> outputs, ModelRun? model, long workTicks)
    {
        edit.ModelJson = model is null ? null : JsonSerializer.Serialize(model, ContractJson.Options);
        if (edit.ReplayJson is not null && JsonSerializer.Deserialize<Replay>(edit.ReplayJson, ContractJson.Options) is { } replay)
        {
            var match = outputs.OrderBy(output => output.Index).Select(output => output.PictureSha256 ?? output.Sha256).SequenceEqual(replay.Expected);
            edit.ReplayJson = JsonSerializer.Serialize(replay with { PixelsMatch = match }, ContractJson.Options);
        }
        edit.OutputsJson = JsonSerializer.Serialize(outputs, ContractJson.Options);
        edit.WorkTicks = workTicks;
        End(EditStatus.Succeeded, outputs.Sum(output => (long)output.Width * output.Height));
    }

    /// <summary>An attempt brought an error: again after a while if that may help and attempts are left, else the edit has failed.</summary>
    public void RetryOrFail(string stage, EditError error)
    {
        if (error.Retryable && edit.StageAttempts < change.Rules.MaxAttempts)
        {
            Wait(stage, Gap(), change.Rules.QueueDeadline);
            Record();
            return;
        }
        Fail(error);
    }

    /// <summary>A worker shut down: the attempt does not count and the next worker may begin at once.</summary>
    public void GiveBack(string stage)
    {
        edit.StageAttempts--;
        Wait(stage, TimeSpan.Zero, change.Rules.QueueDeadline);
        Record();
    }

    /// <summary>The edit has failed.</summary>
    public void Fail(EditError error)
    {
        edit.ErrorJson = JsonSerializer.Serialize(error, ContractJson.Options);
        End(EditStatus.Failed);
    }

    /// <summary>The wait was too long: expired where work had not begun or the client did not approve, else failed.</summary>
    public void WaitedTooLong()
    {
        var (status, detail) = (edit.Status, edit.StartedAt) switch
        {
            (EditStatus.AwaitingApproval, _) => (EditStatus.Expired, "The edit was not approved in time."),
            (_, null) => (EditStatus.Expired, "No worker began the edit before its deadline."),
            _ => (EditStatus.Failed, "No worker went on with the edit before its deadline."),
        };
        edit.ErrorJson = JsonSerializer.Serialize(new EditError { Code = ErrorCodes.DeadlineExceeded, Detail = detail, Retryable = true }, ContractJson.Options);
        End(status);
    }

    /// <summary>The client asks to stop. Only where no worker holds the edit is that all; otherwise the worker is told.</summary>
    public void RequestCancel()
    {
        edit.CancelRequestedAt = change.Now;
        if (edit.LiveAttempt is not { } attempt)
        {
            Canceled(stepsRun: 0, modelMs: 0);
            return;
        }
        edit.Status = EditStatus.Canceling;
        change.Send(edit, new EditCancelRequested { EditId = edit.Id, Attempt = attempt }, change.Now);
        Record();
    }

    /// <summary>Nobody holds the canceled edit any more.</summary>
    public void Canceled(int stepsRun, double modelMs)
    {
        var receipt = new CancelReceipt
        {
            RequestedAt = UtcTime.Of(edit.CancelRequestedAt ?? change.Now),
            ReleasedAt = UtcTime.Of(change.Now),
            StepsRun = stepsRun,
            ModelMs = modelMs,
        };
        edit.CancellationJson = JsonSerializer.Serialize(receipt, ContractJson.Options);
        End(EditStatus.Canceled);
    }

    /// <summary>Sends the command of a waiting edit again, each time with twice the patience.</summary>
    public void SendCommandAgain()
    {
        edit.Hints++;
        edit.HintAfter = change.Now + (change.Rules.ResendAfter.Ticks << Math.Min(edit.Hints, 10));
        edit.Version++;
        SendCommand(change.Now);
        var stage = edit.WaitingFor!;
        change.Count(() => LedgerMetrics.Rescued(stage));
    }

    /// <summary>The broker gave up on the command: nobody could even claim it. It is sent again after a while, until the wait is over.</summary>
    public void PutBack()
    {
        edit.Hints++;
        edit.HintAfter = change.Now + (change.Rules.ResendAfter.Ticks << Math.Min(edit.Hints, 10));
        edit.Version++;
        var stage = edit.WaitingFor!;
        change.Count(() => LedgerMetrics.DeadLetter(stage));
    }

    /// <summary>It is the turn of an edit that was held back: its command goes to the broker.</summary>
    public void Release()
    {
        edit.Held = false;
        edit.Version++;
        edit.HintAfter = change.Now + change.Rules.ResendAfter.Ticks;
        SendCommand(change.Now);
    }

    // In turn: the command is sent when the tenant has a turn. Otherwise at its time: a repetition has had its turn.
    private void Wait(string stage, TimeSpan after, TimeSpan patience, bool inTurn = false)
    {
        edit.WaitingFor = stage;
        edit.RunAfter = change.Now + after.Ticks;
        edit.WaitUntil = edit.RunAfter + patience.Ticks;
        edit.Hints = 0;
        edit.HintAfter = edit.RunAfter + change.Rules.ResendAfter.Ticks;
        edit.Held = inTurn;
        if (inTurn)
            change.NoteHeld(this);
        else
            SendCommand(edit.RunAfter);
    }

    private void SendCommand(long at) => change.Send(
        edit,
        edit.WaitingFor == EditStage.Understanding
            ? new UnderstandEdit { EditId = edit.Id, Model = edit.Model }
            : new GenerateEdit { EditId = edit.Id, Model = edit.Model },
        at);

    private void End(string status, long pixels = 0)
    {
        (edit.Status, edit.Stage, edit.WaitingFor, edit.Held) = (status, null, null, false);
        change.NoteRoom();
        edit.CompletedAt = change.Now;
        edit.RemoveAfter = change.Now + change.Rules.Retention.Ticks;
        if (UsageEntry.Of(edit, pixels) is { } used)
            change.Ledger.UsageEntries.Add(used);
        Record();
        change.Count(() => LedgerMetrics.Ended(edit.Model, status, change.Now - edit.CreatedAt));
    }

    private void Record()
    {
        edit.Sequence++;
        edit.Version++;
        change.Ledger.Events.Add(new EventRow { EditId = edit.Id, Sequence = edit.Sequence, Status = edit.Status, Stage = edit.Stage, At = change.Now });
        change.NoteChanged(edit);
        if (WebhookEvents.Of(edit) is { } told)
            change.NoteOccurred(edit, told);
    }

    private TimeSpan Gap()
    {
        var full = change.Rules.RetryGap * Math.Pow(2, edit.StageAttempts - 1);
#pragma warning disable CA5394 // Not a secret: only keeps retries from coming together.
        return full * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }
}
