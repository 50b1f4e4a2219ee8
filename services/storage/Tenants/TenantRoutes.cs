using FlexEdit.Contracts;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Ledger;
using FlexEdit.Platform.Tenancy;

namespace FlexEdit.Storage.Tenants;

/// <summary>Tenants over internal HTTP (<see cref="LedgerRoutes"/>): for gateways, and for the operator who holds the shared token.</summary>
internal static class TenantRoutes
{
    public static void MapTenants(this IEndpointRouteBuilder routes)
    {
        var tenants = routes.MapTrustedGroup(LedgerRoutes.Tenants).AddEndpointFilter(async (context, next) =>
            context.HttpContext.GetRouteValue("tenant") is string tenant && !TenantOfRequest.IsWellFormed(tenant) ? Results.BadRequest()
            : await next(context));

        tenants.MapGet("", async (string? tenant, TenantRegister register, CancellationToken gone) => Json(await register.ListAsync(tenant, gone)));

        tenants.MapPost("/{tenant}/requests", async (string tenant, int wanted, ITenantQuota quota, CancellationToken gone) =>
            wanted is < 1 or > TenantLimitOptions.Most ? Results.BadRequest() : Json(await quota.TakeAsync(tenant, wanted, gone)));

        tenants.MapGet("/{tenant}/limits", async (string tenant, ITenantQuota quota, CancellationToken gone) => Json(await quota.LimitsAsync(tenant, gone)));

        tenants.MapPut("/{tenant}/limits", async (HttpContext context, string tenant, TenantRegister register) =>
        {
            var wish = await context.Request.ReadFromJsonAsync<SetTenantLimits>(ContractJson.Options, context.RequestAborted);
            return wish is null || wish.RequestsPerMinute is < 0 or > TenantLimitOptions.Most || wish.EditsInFlight is < 0 or > TenantLimitOptions.Most
                ? Results.BadRequest()
                : Json(await register.SetLimitsAsync(tenant, wish, context.RequestAborted));
        });

        tenants.MapPost("/{tenant}/erase", async (string tenant, EraseTenant erase, CancellationToken gone) => Json(await erase.StepAsync(tenant, gone)));
    }

    private static IResult Json<T>(T value) => Results.Json(value, ContractJson.Options);
}
