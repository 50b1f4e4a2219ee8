using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Telemetry;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Access;

/// <summary>
/// A server without keys serves this machine alone. It says so at its start, and does not start where others would reach it
/// unless the operator has said that they may.
/// </summary>
internal sealed partial class AnonymousAccess(
    IServer server, IConfiguration configuration, IOptions<GatewayOptions> options, IOptions<TelemetryOptions> telemetry, ILogger<AnonymousAccess> log)
    : IHostedLifecycleService
{
    /// <summary>Before anything listens.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Check(Addresses.Configured(configuration));
        Check(Listening);
        return Task.CompletedTask;
    }

    /// <summary>When everything listens: also addresses that were chosen in code.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Check(Listening);
        if (!options.Value.AsksForKeys)
            LogAnonymous(string.Join(", ", Listening));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private ICollection<string> Listening => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private void Check(IEnumerable<string> addresses)
    {
        // The port of the operators' pages serves no edits.
        if (!options.Value.AllowAnonymous && !options.Value.AsksForKeys
            && addresses.FirstOrDefault(address => !Addresses.IsLocal(address) && !telemetry.Value.IsListener(address)) is { } open)
        {
            throw new StartupException(
                $"This server asks for no keys, and other machines would reach it at {open}. Listen on a loopback address (--urls http://127.0.0.1:8080), "
                + "set FLEXEDIT__Gateway__Keys=required, or set FLEXEDIT__Gateway__AllowAnonymous=true to let everybody in who reaches it.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No keys are asked for: whoever reaches {Addresses} may edit, as one and the same tenant.")]
    private partial void LogAnonymous(string addresses);
}
