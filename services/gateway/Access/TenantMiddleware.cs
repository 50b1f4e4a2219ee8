using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Access;

/// <summary>Says who asks. Headers by which services of one installation trust each other mean nothing when they come from outside.</summary>
internal sealed class TenantMiddleware(RequestDelegate next, IOptions<GatewayOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Internal routes of other services in this process check the token themselves.
        if (!context.Request.Path.StartsWithSegments("/internal", StringComparison.OrdinalIgnoreCase))
            context.Request.Headers.Remove(InternalTrust.TokenHeader);
        context.Request.Headers.Remove(InternalTrust.TenantHeader);
        // Routing takes paths in upper case too.
        context.SetTenant(options.Value.AsksForKeys && context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
            ? await TenantAsync(context)
            : TenantOfRequest.Default);
        await next(context);
    }

    private static async Task<string> TenantAsync(HttpContext context) =>
        context.SignedTenant()
        ?? (await context.RequestServices.GetRequiredService<KeyAccess>().AuthenticateAsync(context.Request, context.RequestAborted)).Tenant;
}
