using FlexEdit.Contracts.Tenants;

namespace FlexEdit.Platform.Ledger;

/// <summary>Quotas and limits of tenants as a gateway in another process asks for them.</summary>
internal sealed class HttpTenantQuota(HttpClient storage) : ITenantQuota
{
    public async Task<RequestGrant> TakeAsync(string tenant, int wanted, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsync($"{LedgerRoutes.Tenants}/{tenant}/requests?wanted={wanted}", null, cancellationToken);
        return await answer.ReadAsync<RequestGrant>(cancellationToken);
    }

    public async Task<StorageLimits> LimitsAsync(string tenant, CancellationToken cancellationToken)
    {
        using var answer = await storage.GetAsync($"{LedgerRoutes.Tenants}/{tenant}/limits", cancellationToken);
        return await answer.ReadAsync<StorageLimits>(cancellationToken);
    }
}
