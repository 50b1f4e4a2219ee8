using FlexEdit.Platform.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Hosting;

/// <summary>What every process of the system has alike.</summary>
public static class HostDefaults
{
    /// <summary>
    /// Logging (<c>FLEXEDIT__Logging__Format</c>: <c>plain</c>, the default, one line an entry; or <c>json</c>, one object a line),
    /// health checks, telemetry, the system clock, and time to finish work at shutdown (<c>FLEXEDIT__Host__ShutdownTimeout</c>, 25 s).
    /// Settings <c>FLEXEDIT__Section__Key</c> need no registration: the default environment provider reads them as <c>FlexEdit:Section:Key</c>.
    /// </summary>
    public static WebApplicationBuilder AddFlexEditDefaults(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks();
        builder.Services.AddSettings<HostSettings>(HostSettings.Section);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HostSettings>>(
            (host, settings) => host.ShutdownTimeout = settings.Value.ShutdownTimeout);
        AddLogging(builder);
        return builder.AddTelemetry();
    }

    private static void AddLogging(WebApplicationBuilder builder)
    {
        var format = builder.Configuration[$"{SettingsServices.Root}:Logging:Format"] ?? "plain";
        builder.Logging.ClearProviders();
        switch (format)
        {
            case "plain":
                builder.Logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.TimestampFormat = "HH:mm:ss ";
                    console.UseUtcTimestamp = true;
                });
                break;
            case "json":
                builder.Logging.AddJsonConsole(console =>
                {
                    console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                    console.UseUtcTimestamp = true;
                    console.IncludeScopes = true;
                });
                break;
            default:
                throw new StartupException($"FLEXEDIT__Logging__Format is '{format}'; set it to 'plain' or 'json'.");
        }
        foreach (var noisy in new[] { "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "System.Net.Http", "MassTransit", "Yarp" })
        {
            if (builder.Configuration[$"Logging:LogLevel:{noisy}"] is null)
                builder.Logging.AddFilter(noisy, LogLevel.Warning);
        }
    }
}
