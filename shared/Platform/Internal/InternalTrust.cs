using System.Security.Cryptography;
using System.Text;
using FlexEdit.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Internal;

/// <summary>How one process of an installation knows another: a shared token in a header.</summary>
public static class InternalTrust
{
    /// <summary>Header with the shared token.</summary>
    public const string TokenHeader = "X-FlexEdit-Internal-Token";

    /// <summary>Header in which a gateway passes on the tenant that it authenticated.</summary>
    public const string TenantHeader = "X-FlexEdit-Tenant";

    /// <summary>Whether the request carries a shared token. False as long as none is set. Takes the same time for every wrong token.</summary>
    public static bool IsTrusted(HttpContext context)
    {
        var tokens = context.RequestServices.GetRequiredService<IOptions<InternalOptions>>().Value.Tokens;
        if (context.Request.Headers[TokenHeader] is not [{ } given])
            return false;
        var (digest, isOne) = (Digest(given), false);
        foreach (var token in tokens)
            isOne |= CryptographicOperations.FixedTimeEquals(digest, Digest(token));
        return isOne;
    }

    /// <summary>
    /// For storage in a process of its own: takes the tenant from <see cref="TenantHeader"/> of trusted requests; every other request
    /// except health probes is answered 401 with no body. Internal routes need no tenant.
    /// </summary>
    public static IApplicationBuilder UseInternalTenant(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal))
            return next(context);
        var trusted = IsTrusted(context);
        if (trusted && context.Request.Headers[TenantHeader] is [{ } tenant] && TenantOfRequest.IsWellFormed(tenant))
            context.SetTenant(tenant);
        else if (!trusted || !context.Request.Path.StartsWithSegments("/internal", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }
        return next(context);
    });

    /// <summary>Routes under <paramref name="path"/> for the other processes of the installation; without the shared token nothing is there (404).</summary>
    public static RouteGroupBuilder MapTrustedGroup(this IEndpointRouteBuilder routes, string path)
    {
        var group = routes.MapGroup(path);
        group.AddEndpointFilter(async (context, next) => IsTrusted(context.HttpContext) ? await next(context) : Results.NotFound());
        return group;
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
