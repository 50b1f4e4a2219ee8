using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Secrets;
using Npgsql;

namespace FlexEdit.Storage.Hosting;

/// <summary>Section <c>Storage</c>: the ledger and its rules.</summary>
public sealed class StorageOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Storage";

    /// <summary>A ledger in a file, for one machine.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A ledger in a PostgreSQL database, for any number of storage processes.</summary>
    public const string PostgreSql = "postgres";

    /// <summary>Where the ledger is: <see cref="Sqlite"/> (default) or <see cref="PostgreSql"/>.</summary>
    public string Database { get; set; } = Sqlite;

    /// <summary>Npgsql connection string of the PostgreSQL ledger. The user must own the database's schema, or the tables must be there.</summary>
    public string? Postgres { get; set; }

    /// <summary>A file with the password, which the connection string then does not have. Read again for each connection.</summary>
    public string? PostgresPasswordFile { get; set; }

    /// <summary>File of the SQLite ledger; its folder is made when missing.</summary>
    public string? Ledger { get; set; }

    /// <summary>
    /// SQLite only: no other process has work from this ledger (the standalone server): leases that were alive when the last process ended are taken at
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

    /// <summary>How long an uploaded asset is kept after its upload or the last edit that began to use it, 1 s to 3650 d.</summary>
    public TimeSpan AssetRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long it is remembered that an edit existed whose data are gone, 1 s to 3650 d.</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long an <c>Idempotency-Key</c> stands for the edit that was made under it, 1 s to 30 d.</summary>
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the usage of a day is kept, 1 d to 3650 d.</summary>
    public TimeSpan UsageRetention { get; set; } = TimeSpan.FromDays(750);

    /// <summary>First gap before a failed attempt is repeated; doubles with each, jittered by a half. 10 ms to 1 h.</summary>
    public TimeSpan RetryGap { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>When a command whose edit nobody has claimed is sent again for the first time; the gap doubles up to ten times. 100 ms to 1 h.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Commands of one stage and model that are at the broker and not claimed; the other edits wait in the ledger for their tenant's turn. 1 to 10000.</summary>
    public int ReleaseAhead { get; set; } = 32;

    /// <summary>Most edits of one tenant that are at the broker or at work in one stage and model; 0 for no bound.</summary>
    public int TenantInFlight { get; set; }

    /// <summary>Most edits of a tenant's batches that are under way; the other lines wait, so that single edits of the tenant pass them. 1 to 10000.</summary>
    public int BatchInFlight { get; set; } = 16;

    /// <summary>Share of a tenant where there is not enough for all, 1 to 1000; 1 where none is given. <c>FLEXEDIT__Storage__Weights__acme=3</c>.</summary>
    public Dictionary<string, int> Weights { get; } = [];

    /// <summary>How often the sweeper looks for what stands still, 10 ms to 1 h.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the outbox is looked at without being rung for, 10 ms to 1 h.</summary>
    public TimeSpan OutboxInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The weight of a tenant.</summary>
    internal int WeightOf(string tenant) => Weights.GetValueOrDefault(tenant, 1);

    /// <summary>The bound of a tenant.</summary>
    internal int MostOf(string tenant) => TenantInFlight == 0 ? int.MaxValue : TenantInFlight;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Database is not (Sqlite or PostgreSql))
            yield return $"FLEXEDIT__Storage__Database is '{Database}'; set it to 'sqlite' or 'postgres'.";
        if (Database == PostgreSql && FaultOfPostgres() is { } fault)
            yield return fault;
        foreach (var wrong in Secret.Faults("FLEXEDIT__Storage__PostgresPassword", null, PostgresPasswordFile))
            yield return wrong;
        if (ReleaseAhead is < 1 or > 10_000)
            yield return $"FLEXEDIT__Storage__ReleaseAhead is {ReleaseAhead}; set it between 1 and 10000.";
        if (BatchInFlight is < 1 or > 10_000)
            yield return $"FLEXEDIT__Storage__BatchInFlight is {BatchInFlight}; set it between 1 and 10000.";
        if (TenantInFlight is < 0 or > 1_000_000)
            yield return $"FLEXEDIT__Storage__TenantInFlight is {TenantInFlight}; set it between 0 and 1000000.";
        foreach (var (tenant, weight) in Weights.Where(weight => weight.Value is < 1 or > 1000))
            yield return $"FLEXEDIT__Storage__Weights__{tenant} is {weight}; set it between 1 and 1000.";
        if (Database == Sqlite && string.IsNullOrWhiteSpace(Ledger))
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
            (nameof(AssetRetention), AssetRetention, second, TimeSpan.FromDays(3650)),
            (nameof(Memory), Memory, second, TimeSpan.FromDays(3650)),
            (nameof(IdempotencyRetention), IdempotencyRetention, second, month),
            (nameof(UsageRetention), UsageRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650)),
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

    private string? FaultOfPostgres()
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(Postgres);
            if (PostgresPasswordFile is { Length: > 0 } && connection.Password is not null)
                return "FLEXEDIT__Storage__Postgres has a password and FLEXEDIT__Storage__PostgresPasswordFile is set; take the password out of the connection string.";
            return string.IsNullOrWhiteSpace(connection.Host)
                ? "Set FLEXEDIT__Storage__Postgres to a connection string, for instance Host=postgres;Database=flexedit;Username=flexedit;Password=…."
                : null;
        }
        catch (ArgumentException error)
        {
            return $"FLEXEDIT__Storage__Postgres is no connection string of Npgsql ({error.Message.TrimEnd('.')}); set it as in Host=postgres;Database=flexedit;Username=flexedit;Password=….";
        }
    }
}
