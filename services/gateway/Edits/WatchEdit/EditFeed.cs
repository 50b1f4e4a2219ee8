using System.Collections.Concurrent;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>Hands what the bus says about an edit to the requests of this process that watch it.</summary>
internal sealed class EditFeed
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<EditSubscription, byte>> _watched = new(StringComparer.Ordinal);

    /// <summary>Begins to watch an edit; dispose to end.</summary>
    public EditSubscription Subscribe(string editId)
    {
        var subscription = new EditSubscription(this, editId);
        lock (_watched)
            _watched.GetOrAdd(editId, static _ => new()).TryAdd(subscription, 0);
        return subscription;
    }

    /// <summary>The edit's durable log has grown.</summary>
    public void Publish(EditChanged changed) => Tell(changed.EditId, subscription => subscription.Changed(changed.Sequence));

    /// <summary>A sampling step is done.</summary>
    public void Publish(EditProgressed progressed) => Tell(progressed.EditId, subscription => subscription.Progressed(progressed));

    /// <summary>Edits that are watched now.</summary>
    public int Count => _watched.Count;

    internal void Remove(EditSubscription subscription)
    {
        lock (_watched)
        {
            if (_watched.TryGetValue(subscription.EditId, out var watchers)
                && watchers.TryRemove(subscription, out _) && watchers.IsEmpty)
            {
                _watched.TryRemove(subscription.EditId, out _);
            }
        }
    }

    private void Tell(string editId, Action<EditSubscription> tell)
    {
        if (!_watched.TryGetValue(editId, out var watchers))
            return;
        foreach (var subscription in watchers.Keys)
            tell(subscription);
    }
}
