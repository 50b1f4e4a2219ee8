using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Telemetry;

/// <summary>A page that a service serves to operators beside <c>/metrics</c>, on the port of <see cref="TelemetryOptions.Url"/> alone.</summary>
/// <param name="Path">Such as <c>/outstanding</c>; what follows in a request's path is left to <paramref name="Answer"/>.</param>
/// <param name="Answer">Writes the answer.</param>
public sealed record TelemetryPage(string Path, RequestDelegate Answer);
