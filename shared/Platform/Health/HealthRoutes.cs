using FlexEdit.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlexEdit.Platform.Health;

/// <summary><c>/healthz/live</c> and <c>/healthz/ready</c>.</summary>
public static class HealthRoutes
{
    /// <summary>Maps both routes: 200 or 503 with <c>{"status":"ok"|"unavailable","checks":{name:sentence or "ok"}}</c>. Map them once a process.</summary>
    public static void MapFlexEditHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        routes.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(HealthTags.Ready), ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var checks = report.Entries.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.Status == HealthStatus.Healthy ? "ok" : entry.Value.Description ?? "This part does not answer.");
        var status = report.Status == HealthStatus.Healthy ? "ok" : report.Status == HealthStatus.Degraded ? "degraded" : "unavailable";
        return context.Response.WriteAsJsonAsync(new { status, checks }, ContractJson.Options);
    }
}
