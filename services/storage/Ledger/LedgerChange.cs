using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Outbox;

namespace FlexEdit.Storage.Ledger;

/// <summary>One transaction on the ledger, at one moment.</summary>
internal sealed class LedgerChange(LedgerContext ledger, DateTimeOffset now, StorageOptions rules)
{
    private readonly HashSet<string> _changed = [];

    /// <summary>The tables.</summary>
    public LedgerContext Ledger => ledger;

    /// <summary>The moment of the change, UTC ticks.</summary>
    public long Now { get; } = now.UtcTicks;

    /// <summary>The rules in force.</summary>
    public StorageOptions Rules => rules;

    /// <summary>Whether messages were put into the outbox.</summary>
    public bool LeftMessages { get; private set; }

    /// <summary>Edits that got events.</summary>
    public IReadOnlyCollection<string> ChangedEdits => _changed;

    /// <summary>An edit, ready to be moved on; null where there is none.</summary>
    public async Task<EditFlow?> FindEditAsync(string editId) =>
        await ledger.Edits.FindAsync(editId) is { } edit ? new EditFlow(this, edit) : null;

    /// <summary>Puts a message into the outbox, to be sent after the commit and not before <paramref name="sendAfter"/> (UTC ticks).</summary>
    public void Send(string editId, object message, long sendAfter)
    {
        ledger.Outbox.Add(new OutboxRow
        {
            EditId = editId,
            Kind = OutboxKinds.NameOf(message),
            Body = JsonSerializer.Serialize(message, message.GetType(), ContractJson.Options),
            SendAfter = sendAfter,
        });
        LeftMessages = true;
    }

    /// <summary>Forgets everything that was changed so far: the transaction will write nothing.</summary>
    public void Abandon()
    {
        ledger.ChangeTracker.Clear();
        _changed.Clear();
        LeftMessages = false;
    }

    /// <summary>Notes that an edit got an event.</summary>
    public void NoteChanged(string editId) => _changed.Add(editId);
}
