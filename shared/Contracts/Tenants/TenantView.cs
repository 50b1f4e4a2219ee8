namespace FlexEdit.Contracts.Tenants;

/// <summary>What the operator sets for a tenant.</summary>
public sealed record SetTenantLimits
{
    /// <summary>Requests a minute; 0 for no bound, null for the installation's limit.</summary>
    public int? RequestsPerMinute { get; init; }
    /// <summary>Edits at once; 0 for no bound, null for the installation's limit.</summary>
    public int? EditsInFlight { get; init; }
}

/// <summary>A tenant as the operator sees it.</summary>
public sealed record TenantView
{
    /// <summary>Its id.</summary>
    public required string Tenant { get; init; }
    /// <summary>What the operator has set; null where nothing.</summary>
    public required int? RequestsPerMinute { get; init; }
    /// <summary>What the operator has set; null where nothing.</summary>
    public required int? EditsInFlight { get; init; }
    /// <summary>What holds.</summary>
    public required TenantLimits Limits { get; init; }
    /// <summary>Since when it is being erased, UTC; null while it is not.</summary>
    public required DateTime? ErasingSince { get; init; }
}
