using FlexEdit.Platform.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlexEdit.Platform.Telemetry;

/// <summary>What every process tells its operators.</summary>
public static class TelemetryServices
{
    // From a step of a small model to an edit that waited its hour; the usual buckets end at 10 s.
    private static readonly double[] s_seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
    private static readonly double[] s_counts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256];

    /// <summary>
    /// Serves <c>/metrics</c> and the <see cref="TelemetryPage"/>s of the process where <see cref="TelemetryOptions.Url"/> says, and exports traces
    /// where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says. Without them it costs nothing.
    /// </summary>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        builder.Services.AddSingleton<IStartupFilter, TelemetryListener>();
        var options = new TelemetryOptions();
        builder.Configuration.GetSection($"{SettingsServices.Root}:{TelemetryOptions.Section}").Bind(options);
        var service = "flexedit-" + (builder.Environment.ApplicationName is var name && name.StartsWith("FlexEdit.", StringComparison.Ordinal)
#pragma warning disable CA1308 // Names of services are lower-case.
            ? name["FlexEdit.".Length..].ToLowerInvariant()
#pragma warning restore CA1308
            : "service");
        if (options.Port != 0)
        {
            builder.WebHost.UseUrls($"{ListensOn(builder)};{options.Url}");
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
                .AddMeter("FlexEdit.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddView(static instrument => instrument switch
                {
                    _ when !instrument.Meter.Name.StartsWith("FlexEdit.", StringComparison.Ordinal) => null,
                    { Unit: "s" } => new ExplicitBucketHistogramConfiguration { Boundaries = s_seconds },
                    System.Diagnostics.Metrics.Histogram<int> => new ExplicitBucketHistogramConfiguration { Boundaries = s_counts },
                    _ => null,
                })
                .AddPrometheusExporter());
        }
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService(service))
                .WithTracing(traces => traces
                    .AddSource(Tracing.SourceName)
                    .AddAspNetCoreInstrumentation(http => http.Filter = static context => !context.Request.Path.StartsWithSegments("/healthz"))
                    // A webhook's address may be a secret; it has a span of its own that does not name it.
                    .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage = static request => !request.Headers.Contains("webhook-id"))
                    .AddOtlpExporter());
        }
        return builder;
    }

    // What the process would listen on without us, as the server decides it.
    private static string ListensOn(WebApplicationBuilder builder)
    {
        if (builder.WebHost.GetSetting(WebHostDefaults.ServerUrlsKey) is { Length: > 0 } urls)
            return urls;
        var ports = new[] { ("http", WebHostDefaults.HttpPortsKey), ("https", WebHostDefaults.HttpsPortsKey) }.SelectMany(scheme =>
            (builder.WebHost.GetSetting(scheme.Item2) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"{scheme.Item1}://*:{port}")).ToArray();
        return ports.Length > 0 ? string.Join(';', ports) : "http://localhost:5000";
    }
}
