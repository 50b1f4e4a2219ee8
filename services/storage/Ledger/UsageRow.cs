namespace FlexEdit.Storage.Ledger;

/// <summary>What a tenant used on a day, of one model.</summary>
public sealed class UsageRow
{
    public required string Tenant { get; init; }
    /// <summary>UTC, days since the year 1.</summary>
    public required int Day { get; init; }
    public required string Model { get; init; }
    /// <summary>Edits that succeeded.</summary>
    public long Edits { get; set; }
    /// <summary>Pixels of their results.</summary>
    public long Pixels { get; set; }
    /// <summary>Milliseconds inside the model, of all edits that ended.</summary>
    public double ModelMs { get; set; }
}

/// <summary>What one edit used, until it is added to the day's <see cref="UsageRow"/>. Rows are only added and deleted, so edits of one tenant that end at once do not wait for one another.</summary>
public sealed class UsageEntryRow
{
    public required string EditId { get; init; }
    public required string Tenant { get; init; }
    /// <inheritdoc cref="UsageRow.Day"/>
    public required int Day { get; init; }
    public required string Model { get; init; }
    /// <summary>1 where it succeeded, else 0.</summary>
    public required int Edits { get; init; }
    public required long Pixels { get; init; }
    public required double ModelMs { get; init; }
}
