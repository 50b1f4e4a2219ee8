using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlexEdit.Platform.Engines;

/// <summary>Ready when the default model is loaded and its engine runs.</summary>
internal sealed class EngineHealth<TEngine>(ModelEngines<TEngine> engines) : IHealthCheck
    where TEngine : class, IModelEngine
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var engine = engines.Default;
        var result = engine switch
        {
            { Ended.IsCompleted: true } => HealthCheckResult.Unhealthy("The engine has ended."),
            { Ready.IsCompletedSuccessfully: true } => HealthCheckResult.Healthy(),
            _ => HealthCheckResult.Unhealthy("The model is being loaded."),
        };
        return Task.FromResult(result);
    }
}
