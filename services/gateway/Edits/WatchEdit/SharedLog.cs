using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>
/// What all streams of one edit in this process read together: the durable log and the newest previews. Ten thousand clients of one edit cost
/// storage what one costs.
/// </summary>
internal sealed class SharedLog(IEditJournal journal, IObjectStore objects, TimeProvider time, string tenant, string editId)
{
    private const long LargestPreview = 512 * 1024;
    private const int MostPreviews = 8;

    private readonly Lock _lock = new();
    private readonly List<(string Key, Task<SharedPreview?> Picture)> _previews = [];
    private Reading? _last;
    private Task<Reading>? _running;
    private Task<Reading>? _next;

    /// <summary>The log as it was read after this was asked; null where the tenant has no such edit.</summary>
    public async Task<EditJournal?> ReadAsync(CancellationToken cancellationToken) => (await FreshAsync().WaitAsync(cancellationToken)).Log;

    /// <summary>
    /// The log with at least the event <paramref name="sequence"/>, or as it was read at most <paramref name="age"/> ago where no such event is known;
    /// null where there is no such edit any more.
    /// </summary>
    public async Task<EditJournal?> ReadAsync(long sequence, bool isKnown, TimeSpan age, CancellationToken cancellationToken)
    {
        var last = Volatile.Read(ref _last);
        if (last is not null && (isKnown ? last.Log?.Sequence >= sequence : time.GetElapsedTime(last.Began) < age))
            return last.Log;
        return await ReadAsync(cancellationToken);
    }

    /// <summary>A preview; null where it is gone, too large or cannot be read.</summary>
    public async Task<SharedPreview?> PreviewAsync(string key, CancellationToken cancellationToken)
    {
        Task<SharedPreview?>? picture;
        lock (_lock)
        {
            picture = _previews.Find(one => one.Key == key).Picture;
            if (picture is null)
            {
                picture = Task.Run(() => FetchAsync(key), CancellationToken.None);
                _previews.Add((key, picture));
                if (_previews.Count > MostPreviews)
                    _previews.RemoveAt(0);
            }
        }
        return await picture.WaitAsync(cancellationToken);
    }

    // A reading that began before the question may miss what the question is about, so that a second one follows, for all who ask meanwhile.
    private Task<Reading> FreshAsync()
    {
        lock (_lock)
        {
            if (_running is null or { IsCompleted: true } && _next is null)
                return _running = Task.Run(ReadFromStorageAsync); // Not under the lock: an embedded database works before it returns.
            return _next ??= ReadNextAsync(_running!);
        }
    }

    private async Task<Reading> ReadNextAsync(Task<Reading> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _running = _next;
            _next = null;
        }
        return await ReadFromStorageAsync();
    }

    // Nobody's leaving ends it: others wait for it too.
    private async Task<Reading> ReadFromStorageAsync()
    {
        var began = time.GetTimestamp();
        var reading = new Reading(await journal.ReadAsync(tenant, editId, 0, CancellationToken.None), began);
        Volatile.Write(ref _last, reading);
        return reading;
    }

    private async Task<SharedPreview?> FetchAsync(string key)
    {
        try
        {
            await using var preview = await objects.OpenAsync(key, CancellationToken.None);
            if (preview is null || preview.Length > LargestPreview)
                return null;
            var bytes = new byte[preview.Length];
            await preview.Content.ReadExactlyAsync(bytes, CancellationToken.None);
            return new SharedPreview(bytes);
        }
        catch (ObjectStoreException)
        {
            return null; // Previews may be lost.
        }
    }

    private sealed record Reading(EditJournal? Log, long Began);
}
