namespace FlexEdit.Storage.Ledger;

/// <summary>What is kept of a tenant beside its edits. There is a row where the operator has set a limit, and for whoever has sent requests under one.</summary>
public sealed class TenantRow
{
    public required string Tenant { get; init; }
    /// <summary>The operator's word on requests a minute; null for the installation's limit, 0 for none.</summary>
    public int? RequestsPerMinute { get; set; }
    /// <summary>The operator's word on edits at once; null for the installation's limit, 0 for none.</summary>
    public int? EditsInFlight { get; set; }
    /// <summary>Until when the requests taken so far use the quota up at its pace, UTC ticks; see <see cref="Tenants.RequestQuota"/>.</summary>
    public long PaidUntil { get; set; }
    /// <summary>Since when the tenant is being erased; null while it is not.</summary>
    public long? ErasingSince { get; set; }
    /// <summary>Grows with every write.</summary>
    public long Version { get; set; }
}
