using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlexEdit.Gateway.Hosting;

/// <summary>Ready only while storage answers: asks it for an edit that nobody has.</summary>
internal sealed class JournalHealth(IEditJournal journal, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await journal.ReadAsync(TenantOfRequest.Default, Ids.NewEdit(time), 0, cancellationToken).WaitAsync(Longest, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("Storage does not answer.", problem);
        }
    }
}
