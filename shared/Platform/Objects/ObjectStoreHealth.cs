using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlexEdit.Platform.Objects;

/// <summary>Ready only while objects can be stored.</summary>
internal sealed class ObjectStoreHealth(IObjectStore objects) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await objects.CheckAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ObjectStoreException error)
        {
            return HealthCheckResult.Unhealthy(error.Message);
        }
    }
}
