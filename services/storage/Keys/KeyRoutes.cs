using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Ledger;
using FlexEdit.Platform.Tenancy;

namespace FlexEdit.Storage.Keys;

/// <summary>Keys over internal HTTP (<see cref="LedgerRoutes"/>): for gateways, and for the operator who holds the shared token.</summary>
internal static class KeyRoutes
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapTrustedGroup(LedgerRoutes.Keys);

        keys.MapGet("/{hash}/holder", async (string hash, KeyRegister register, CancellationToken gone) =>
            await register.FindAsync(hash, gone) is { } holder ? Results.Json(holder, ContractJson.Options) : Results.NoContent());

        keys.MapGet("", async (string? tenant, KeyRegister register, CancellationToken gone) =>
            Results.Json(await register.ListAsync(tenant, gone), ContractJson.Options));

        keys.MapPost("", async (HttpContext context, KeyRegister register) =>
        {
            var wish = await context.Request.ReadFromJsonAsync<CreateKey>(ContractJson.Options, context.RequestAborted);
            return wish is null || !TenantOfRequest.IsWellFormed(wish.Tenant) || wish.Name.Length > 100 || wish.Scopes.Count == 0 || wish.Scopes.Except(KeyScopes.All).Any()
                ? Results.BadRequest()
                : Results.Json(await register.CreateAsync(wish, context.RequestAborted), ContractJson.Options, statusCode: 201);
        });

        keys.MapPost("/{id}/rotate", async (HttpContext context, string id, KeyRegister register) =>
        {
            var wish = await context.Request.ReadFromJsonAsync<RotateKey>(ContractJson.Options, context.RequestAborted);
            return wish is null || wish.Overlap < TimeSpan.Zero || wish.Overlap > KeyRegister.LongestOverlap ? Results.BadRequest()
                : Json(await register.RotateAsync(id, wish.Overlap, context.RequestAborted));
        });

        keys.MapPost("/{id}/revoke", async (string id, KeyRegister register, CancellationToken gone) => Json(await register.RevokeAsync(id, gone)));

        static IResult Json(KeyView? key) => key is null ? Results.NotFound() : Results.Json(key, ContractJson.Options);
    }
}
