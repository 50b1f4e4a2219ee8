using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Tenancy;

namespace FlexEdit.Gateway.Access;

/// <summary>Says who asks. Headers by which services of one installation trust each other mean nothing when they come from outside.</summary>
internal sealed class TenantMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Internal routes of other services in this process check the token themselves.
        if (!context.Request.Path.StartsWithSegments("/internal", StringComparison.Ordinal))
            context.Request.Headers.Remove(InternalTrust.TokenHeader);
        context.Request.Headers.Remove(InternalTrust.TenantHeader);
        context.SetTenant(TenantOfRequest.Default);
        return next(context);
    }
}
