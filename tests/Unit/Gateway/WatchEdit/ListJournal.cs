using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Tests.Unit.Gateway.WatchEdit;

/// <summary>An event log in memory, with the ledger's rules: sequence numbers from 1 without gaps.</summary>
internal sealed class ListJournal : IEditJournal, IEditRecipes
{
    public const string Tenant = "default";
    public const string Edit = "edt_01j00000000000000000000000";

    private readonly List<EditEvent> _events = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _read = new();

    /// <summary>Whether the edit exists.</summary>
    public bool Exists { get; set; } = true;

    /// <summary>Whether storage cannot be reached.</summary>
    public bool IsAway { get; set; }

    /// <summary>Events that there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _events.Count;
        }
    }

    /// <summary>How often it was read.</summary>
    public int Reads { get; private set; }

    /// <summary>Ends with the next read.</summary>
    public Task NextRead
    {
        get
        {
            lock (_lock)
                return _read.Task;
        }
    }

    public long Add(string status, string? stage = null)
    {
        lock (_lock)
        {
            _events.Add(new EditEvent { Sequence = _events.Count + 1, Status = status, Stage = stage, At = DateTimeOffset.UnixEpoch });
            return _events.Count;
        }
    }

    public Task<EditRecipe> ReadAsync(string tenant, string editId, CancellationToken cancellationToken) => throw new NotSupportedException("It keeps no recipes.");

    public Task<EditJournal?> ReadAsync(string tenant, string editId, long afterSequence, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Reads++;
            _read.SetResult();
            _read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (IsAway)
                throw new HttpRequestException("Storage is away.");
            if (!Exists || tenant != Tenant || editId != Edit)
                return Task.FromResult<EditJournal?>(null);
            var status = _events.Count == 0 ? EditStatus.Queued : _events[^1].Status;
            return Task.FromResult<EditJournal?>(new EditJournal
            {
                Events = [.. _events.Where(one => one.Sequence > afterSequence)],
                Job = $$"""{"id":"{{Edit}}","status":"{{status}}"}""",
                Status = status,
                Sequence = _events.Count,
            });
        }
    }
}
