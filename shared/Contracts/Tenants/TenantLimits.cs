namespace FlexEdit.Contracts.Tenants;

/// <summary>What bounds a tenant; 0 stands for no bound.</summary>
public sealed record TenantLimits
{
    /// <summary>Requests to the public API a minute; as many may come at once after a quiet minute.</summary>
    public required int RequestsPerMinute { get; init; }
    /// <summary>Edits that have not ended, at once.</summary>
    public required int EditsInFlight { get; init; }
}

/// <summary>Requests that a gateway may let through, paid for already.</summary>
public sealed record RequestGrant
{
    /// <summary>How many; 0 where there are none at present.</summary>
    public required int Granted { get; init; }
    /// <summary>How many there are beside these.</summary>
    public required int Remaining { get; init; }
    /// <summary>Until the whole quota is there again; where nothing was granted, until the next request is.</summary>
    public required TimeSpan ResetAfter { get; init; }
    /// <summary>The tenant's limits.</summary>
    public required TenantLimits Limits { get; init; }
}

/// <summary>What a gateway asks about tenants. Storage implements it; other processes reach it over internal HTTP.</summary>
public interface ITenantQuota
{
    /// <summary>Takes up to <paramref name="wanted"/> requests (at least 1) out of the tenant's quota, which all gateways share.</summary>
    Task<RequestGrant> TakeAsync(string tenant, int wanted, CancellationToken cancellationToken);

    /// <summary>The limits of edits that storage checks.</summary>
    Task<StorageLimits> LimitsAsync(string tenant, CancellationToken cancellationToken);
}
