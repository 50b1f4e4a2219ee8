using FlexEdit.Platform.Links;
using FlexEdit.Platform.Predictions;

namespace FlexEdit.Gateway.Access;

/// <summary>Reads of a few routes that need no key where their address was signed (<see cref="LinkSigner"/>): clients of compatible doors send none to what an answer names.</summary>
internal static class SignedAddress
{
    /// <summary>Whether a request came to such a route with a token, good or not.</summary>
    public static bool Is(HttpRequest request) => TokenOf(request) is not null;

    /// <summary>Whose the address is; null where it is not signed, or not any more.</summary>
    public static string? SignedTenant(this HttpContext context) => TokenOf(context.Request) is { } token
        ? context.RequestServices.GetRequiredService<LinkSigner>().TenantOf(context.Request.Path, token)
        : null;

    private static string? TokenOf(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && (request.Path.StartsWithSegments(PredictionPaths.Predictions, StringComparison.OrdinalIgnoreCase) || request.Path.StartsWithSegments(PredictionPaths.Streams, StringComparison.OrdinalIgnoreCase))
        && request.Query[LinkSigner.Query] is [{ Length: > 0 } token]
            ? token
            : null;
}
