using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Telemetry;

/// <summary>
/// Keeps operators' pages apart by the port that a connection came in on, which no header can feign: their port serves nothing else, and no
/// other port serves them.
/// </summary>
internal sealed class TelemetryListener(IOptions<TelemetryOptions> options, IEnumerable<TelemetryPage> pages) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (options.Value.Port is var port and not 0)
            app.MapWhen(context => context.Connection.LocalPort == port, Serve);
        next(app);
    };

    private void Serve(IApplicationBuilder app)
    {
        app.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
        foreach (var page in pages)
            app.Map(page.Path, inner => inner.Run(page.Answer));
        app.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
