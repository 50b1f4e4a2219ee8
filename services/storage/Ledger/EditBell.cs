using System.Collections.Concurrent;

namespace FlexEdit.Storage.Ledger;

/// <summary>Wakes whoever in this process waits for the next change of an edit. Losable: waiters also look by themselves now and then.</summary>
internal sealed class EditBell
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next ring for the edit. Take it before reading the edit, or a change may fall in between.</summary>
    public Task Next(string editId) =>
        _waiting.GetOrAdd(editId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The edit has changed.</summary>
    public void Ring(string editId)
    {
        if (_waiting.TryRemove(editId, out var waiting))
            waiting.TrySetResult();
    }
}
