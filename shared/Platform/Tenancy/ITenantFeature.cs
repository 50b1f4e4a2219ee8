using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Tenancy;

/// <summary>Who asks. Set on <see cref="HttpContext.Features"/> by whatever authenticated the request.</summary>
public interface ITenantFeature
{
    /// <summary>The tenant's id: <c>[a-z0-9_-]</c>, 1 to 64 characters.</summary>
    string Tenant { get; }
}

/// <summary>A tenant that was found out.</summary>
public sealed record TenantFeature(string Tenant) : ITenantFeature;

/// <summary>Reads and sets the tenant of a request.</summary>
public static class TenantOfRequest
{
    /// <summary>The tenant of a server that runs without keys.</summary>
    public const string Default = "default";

    /// <summary>The tenant of the request.</summary>
    /// <exception cref="InvalidOperationException">Nothing authenticated the request: a route was mapped outside the middleware.</exception>
    public static string GetTenant(this HttpContext context) =>
        context.Features.Get<ITenantFeature>()?.Tenant ?? throw new InvalidOperationException("The request reached a tenant's route without being authenticated.");

    /// <summary>Sets the tenant of the request.</summary>
    public static void SetTenant(this HttpContext context, string tenant) => context.Features.Set<ITenantFeature>(new TenantFeature(tenant));

    /// <summary>Whether <paramref name="tenant"/> has the form of a tenant's id, and so is safe in object keys and headers.</summary>
    public static bool IsWellFormed(string tenant) =>
        tenant.Length is > 0 and <= 64 && tenant.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-');
}
