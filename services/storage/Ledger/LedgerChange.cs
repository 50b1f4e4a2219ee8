using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Outbox;
using FlexEdit.Storage.Releasing;

namespace FlexEdit.Storage.Ledger;

/// <summary>One transaction on the ledger, at one moment.</summary>
internal sealed class LedgerChange(LedgerContext ledger, ILedgerDatabase database, long now, StorageOptions rules, FreshMessages fresh)
{
    private readonly HashSet<EditRow> _changed = [];
    private readonly List<EditFlow> _held = [];
    private readonly List<Action> _counts = [];
    private readonly List<OutboxRow> _messages = [];
    private readonly List<(EditRow Edit, string Event, long Sequence)> _occurred = [];

    /// <summary>The tables.</summary>
    public LedgerContext Ledger => ledger;

    /// <summary>The moment of the change, UTC ticks.</summary>
    public long Now => now;

    /// <summary>The rules in force.</summary>
    public StorageOptions Rules => rules;

    /// <summary>What was put into the outbox.</summary>
    public IReadOnlyList<OutboxRow> Messages => _messages;

    /// <summary>Whether edits that are held back may now have a turn.</summary>
    public bool MadeRoom { get; private set; }

    /// <summary>Whether deliveries of webhooks are due now that were not.</summary>
    public bool LeftDeliveries { get; private set; }

    /// <summary>What has to be told to whoever wants to know: webhooks' events of edits, in order.</summary>
    public IReadOnlyList<(EditRow Edit, string Event, long Sequence)> Occurred => _occurred;

    /// <summary>What is counted once the change is committed.</summary>
    public IReadOnlyList<Action> Counts => _counts;

    /// <summary>Edits that got events.</summary>
    public IReadOnlyCollection<EditRow> ChangedEdits => _changed;

    /// <summary>An edit, ready to be moved on; null where there is none.</summary>
    public async Task<EditFlow?> FindEditAsync(string editId) =>
        await database.LockEditAsync(ledger, editId) is { } edit ? new EditFlow(this, edit) : null;

    /// <inheritdoc cref="ILedgerDatabase.LockInputsAsync"/>
    public Task<List<InputRow>> LockInputsAsync(IReadOnlyCollection<string> keys, bool alone) => database.LockInputsAsync(ledger, keys, alone);

    /// <summary>Whether this transaction alone, of all processes, does what <paramref name="name"/> says.</summary>
    public Task<bool> TryLockAsync(string name) => database.TryLockAsync(ledger, name);

    /// <summary>Waits until this transaction alone, of all processes, does what <paramref name="name"/> says.</summary>
    public Task LockAsync(string name) => database.LockAsync(ledger, name);

    /// <summary>Puts a message into the outbox, to be sent after the commit and not before <paramref name="sendAfter"/> (UTC ticks).</summary>
    public void Send(EditRow edit, object message, long sendAfter)
    {
        var row = new OutboxRow
        {
            EditId = edit.Id,
            Kind = OutboxKinds.NameOf(message),
            Body = JsonSerializer.Serialize(message, message.GetType(), ContractJson.Options),
            TraceParent = edit.TraceParent ?? Activity.Current?.Id,
            SendAfter = sendAfter,
        };
        if (sendAfter <= now)
            fresh.Take(row, now);
        ledger.Outbox.Add(row);
        _messages.Add(row);
    }

    /// <summary>Notes that an edit waits for its tenant's turn.</summary>
    public void NoteHeld(EditFlow flow) => _held.Add(flow);

    /// <summary>Notes that a worker took an edit, or that one left the queue.</summary>
    public void NoteRoom() => MadeRoom = true;

    /// <summary>Lets edits that began to wait in this transaction go at once where nobody is before them.</summary>
    public async Task ReleaseNewAsync()
    {
        foreach (var flow in _held.Where(flow => flow.Edit.Held))
        {
            if (await Lanes.HasRoomAsync(this, flow.Edit))
                flow.Release();
            else
                MadeRoom = true; // Room may have come meanwhile.
        }
    }

    /// <summary>Forgets everything that was changed so far: the transaction will write nothing.</summary>
    public void Abandon()
    {
        ledger.ChangeTracker.Clear();
        _changed.Clear();
        _held.Clear();
        _counts.Clear();
        _occurred.Clear();
        _messages.Clear();
        (MadeRoom, LeftDeliveries) = (false, false);
    }

    /// <summary>Notes what is to be counted once the change is committed.</summary>
    public void Count(Action count) => _counts.Add(count);

    /// <summary>Notes that an edit got an event.</summary>
    public void NoteChanged(EditRow edit) => _changed.Add(edit);

    /// <summary>Notes that something happened to an edit of which webhooks tell.</summary>
    public void NoteOccurred(EditRow edit, string @event) => _occurred.Add((edit, @event, edit.Sequence));

    /// <summary>Notes that deliveries are due.</summary>
    public void NoteDeliveries() => LeftDeliveries = true;
}
