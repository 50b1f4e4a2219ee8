using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Ledger;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using FlexEdit.Storage.Reads;

namespace FlexEdit.Storage.Assets;

/// <summary>Reads and removals of assets in the public API; and over internal HTTP (<see cref="LedgerRoutes"/>) what gateways ask, who take uploads in.</summary>
internal static class AssetRoutes
{
    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/assets", ListAsync);
        routes.MapGet("/v1/assets/{id}", GetAsync);
        routes.MapDelete("/v1/assets/{id}", DeleteAsync);

        var own = routes.MapTrustedGroup(LedgerRoutes.Assets);
        own.MapGet("/{tenant}/{id}", async (string tenant, string id, IAssetRegister assets, CancellationToken gone) =>
            await assets.FindAsync(tenant, id, gone) is { } found ? Json(found) : Results.NoContent());
        own.MapPost("", async (HttpContext context, IAssetRegister assets) =>
            await context.Request.ReadFromJsonAsync<KeepAsset>(ContractJson.Options, context.RequestAborted) is { } keep
                ? Json(await assets.KeepAsync(keep, context.RequestAborted))
                : Results.BadRequest());
        own.MapGet("/{tenant}", async (string tenant, string? after, int limit, IAssetRegister assets, CancellationToken gone) =>
            Json(await assets.ListAsync(tenant, after, limit, gone)));
        own.MapDelete("/{tenant}/{id}", async (string tenant, string id, IAssetRegister assets, CancellationToken gone) =>
            await assets.RemoveAsync(tenant, id, gone) ? Results.NoContent() : Results.NotFound());
    }

    private static async Task<IResult> ListAsync(HttpContext context, string? after, string? limit, AssetRegister assets)
    {
        var (data, hasMore) = await assets.ListAsync(context.GetTenant(), Page.After(after, "ast_"), Page.Limit(limit), context.RequestAborted);
        return Page.Of(data, hasMore, asset => asset.Id);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, IAssetRegister assets) =>
        Json((await assets.FindAsync(context.GetTenant(), id, context.RequestAborted))?.View ?? throw NoSuchAsset(id));

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, AssetRegister assets) =>
        await assets.RemoveAsync(context.GetTenant(), id, context.RequestAborted) ? Results.NoContent() : throw NoSuchAsset(id);

    private static IResult Json(object body) => Results.Json(body, ContractJson.Options);

    private static ProblemException NoSuchAsset(string id) => NoSuch.Named("asset", id);
}
