using FlexEdit.Platform.Hosting;

namespace FlexEdit.Storage.Hosting;

/// <summary>Section <c>Storage</c>: the ledger and its rules.</summary>
public sealed class StorageOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Storage";

    /// <summary>File of the SQLite ledger; its folder is made when missing.</summary>
    public string? Ledger { get; set; }

    /// <summary>
    /// No other process has work from this ledger (the standalone server): leases that were alive when the last process ended are taken at
    /// start, and a second process on the same ledger is refused.
    /// </summary>
    public bool SoleOwner { get; set; }

    /// <summary>How long an attempt counts without a heartbeat, 1 s to 1 h.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a stage of an edit is tried, 1 to 20.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How long an edit may wait for a worker, 1 s to 30 d.</summary>
    public TimeSpan QueueDeadline { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long one attempt may run, 1 s to 24 h.</summary>
    public TimeSpan RunDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an edit waits for its approval, 1 s to 30 d.</summary>
    public TimeSpan ApprovalDeadline { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a finished edit's data are kept, 1 s to 3650 d.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long it is remembered that an edit existed whose data are gone, 1 s to 3650 d.</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromDays(90);

    /// <summary>First gap before a failed attempt is repeated; doubles with each, jittered by a half. 10 ms to 1 h.</summary>
    public TimeSpan RetryGap { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>When a command whose edit nobody has claimed is sent again for the first time; the gap doubles up to ten times. 100 ms to 1 h.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the sweeper looks for what stands still, 10 ms to 1 h.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the outbox is looked at without being rung for, 10 ms to 1 h.</summary>
    public TimeSpan OutboxInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Ledger))
            yield return "Set FLEXEDIT__Storage__Ledger to the file of the ledger, for instance data/ledger.db.";
        if (MaxAttempts is < 1 or > 20)
            yield return $"FLEXEDIT__Storage__MaxAttempts is {MaxAttempts}; set it between 1 and 20.";
        var second = TimeSpan.FromSeconds(1);
        var hour = TimeSpan.FromHours(1);
        var month = TimeSpan.FromDays(30);
        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] spans =
        [
            (nameof(Lease), Lease, second, hour),
            (nameof(QueueDeadline), QueueDeadline, second, month),
            (nameof(RunDeadline), RunDeadline, second, TimeSpan.FromDays(1)),
            (nameof(ApprovalDeadline), ApprovalDeadline, second, month),
            (nameof(Retention), Retention, second, TimeSpan.FromDays(3650)),
            (nameof(Memory), Memory, second, TimeSpan.FromDays(3650)),
            (nameof(RetryGap), RetryGap, TimeSpan.FromMilliseconds(10), hour),
            (nameof(ResendAfter), ResendAfter, TimeSpan.FromMilliseconds(100), hour),
            (nameof(SweepInterval), SweepInterval, TimeSpan.FromMilliseconds(10), hour),
            (nameof(OutboxInterval), OutboxInterval, TimeSpan.FromMilliseconds(10), hour),
        ];
        foreach (var (name, value, least, most) in spans)
        {
            if (value < least || value > most)
                yield return $"FLEXEDIT__Storage__{name} is {value}; set it between {least} and {most}.";
        }
    }
}
