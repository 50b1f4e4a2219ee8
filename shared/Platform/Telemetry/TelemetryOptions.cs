using FlexEdit.Platform.Hosting;
using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Telemetry;

/// <summary>
/// Section <c>Telemetry</c>: what operators read. Traces are exported where the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a
/// collector; the other <c>OTEL_…</c> variables count too.
/// </summary>
public sealed class TelemetryOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// Where operators' pages (<c>/metrics</c> and what a service adds to it) are served, and nothing else is: a second listening address such as
    /// <c>http://0.0.0.0:9464</c>. Unset: they are not served. They ask for no key, so the port must not be reachable from outside.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>The port of <see cref="Url"/>; 0 where none is set or it is no address.</summary>
    public int Port => Url is null ? 0 : PortOf(Url);

    /// <summary>Whether a listening address such as <c>http://[::]:9464</c> is the one of operators' pages.</summary>
    public bool IsListener(string address) => Port != 0 && PortOf(address) == Port;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Url is not null && (Port == 0 || !Url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
            yield return $"FLEXEDIT__Telemetry__Url is '{Url}'; set it to an address to listen on, for instance http://0.0.0.0:9464.";
    }

    private static int PortOf(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Port;
        }
        catch (FormatException)
        {
            return 0;
        }
    }
}
