using FlexEdit.Contracts.Tenants;

namespace FlexEdit.Tests.Unit.Gateway.Running;

/// <summary>Quotas where storage does not answer.</summary>
internal sealed class NoQuota : ITenantQuota
{
    public Task<RequestGrant> TakeAsync(string tenant, int wanted, CancellationToken cancellationToken) => throw new HttpRequestException("Storage is away.");

    public Task<StorageLimits> LimitsAsync(string tenant, CancellationToken cancellationToken) => throw new HttpRequestException("Storage is away.");
}
