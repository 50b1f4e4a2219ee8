using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>The logs that streams of this process share, each for as long as one of them is open.</summary>
internal sealed class SharedLogs(IEditJournal journal, IObjectStore objects, TimeProvider time)
{
    private readonly Dictionary<(string Tenant, string EditId), (SharedLog Log, int Streams)> _open = [];

    /// <summary>Edits whose logs are shared now.</summary>
    public int Count
    {
        get
        {
            lock (_open)
                return _open.Count;
        }
    }

    /// <summary>The log of a tenant's edit; dispose to let go of it.</summary>
    public Share Open(string tenant, string editId)
    {
        lock (_open)
        {
            var (log, streams) = _open.GetValueOrDefault((tenant, editId));
            log ??= new SharedLog(journal, objects, time, tenant, editId);
            _open[(tenant, editId)] = (log, streams + 1);
            return new Share(this, (tenant, editId), log);
        }
    }

    private void Close((string, string) key)
    {
        lock (_open)
        {
            var (log, streams) = _open[key];
            if (streams == 1)
                _open.Remove(key);
            else
                _open[key] = (log, streams - 1);
        }
    }

    /// <summary>One stream's hold of a log.</summary>
    internal sealed class Share(SharedLogs logs, (string, string) key, SharedLog log) : IDisposable
    {
        private int _closed;

        /// <summary>The log.</summary>
        public SharedLog Log => log;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
                logs.Close(key);
        }
    }
}
