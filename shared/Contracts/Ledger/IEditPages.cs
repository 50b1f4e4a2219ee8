namespace FlexEdit.Contracts.Ledger;

/// <summary>The edits of a tenant, for gateways whose doors list them in their own words. Storage implements it; other processes reach it over internal HTTP.</summary>
public interface IEditPages
{
    /// <summary>A page, newest first.</summary>
    Task<EditPage> ListAsync(string tenant, EditPageRequest request, CancellationToken cancellationToken);
}

/// <summary>Which edits are listed.</summary>
public sealed record EditPageRequest
{
    /// <summary>Most of them, 1 to 100.</summary>
    public required int Limit { get; init; }
    /// <summary>Only edits older than this one; null: from the newest on.</summary>
    public string? After { get; init; }
    /// <summary>Only edits made at or after this time, UTC.</summary>
    public DateTime? CreatedAfter { get; init; }
    /// <summary>Only edits made before this time, UTC.</summary>
    public DateTime? CreatedBefore { get; init; }
}

/// <summary>A page of edits.</summary>
public sealed record EditPage
{
    /// <summary>The edits as they are now, without their events.</summary>
    public required IReadOnlyList<EditJournal> Edits { get; init; }
    /// <summary>Whether there are older ones.</summary>
    public required bool HasMore { get; init; }
}
