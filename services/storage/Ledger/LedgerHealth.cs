using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlexEdit.Storage.Ledger;

/// <summary>Ready only while the ledger can be read.</summary>
internal sealed class LedgerHealth(IDbContextFactory<LedgerContext> ledgers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
            await ledger.Outbox.AnyAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (LedgerFailure.Is(error))
        {
            return HealthCheckResult.Unhealthy("The ledger cannot be read.");
        }
    }
}
