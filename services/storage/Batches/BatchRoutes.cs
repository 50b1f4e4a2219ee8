using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Ledger;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using FlexEdit.Storage.Reads;

namespace FlexEdit.Storage.Batches;

/// <summary>Reads and cancels of batches in the public API; and over internal HTTP (<see cref="LedgerRoutes"/>) what gateways do with them.</summary>
internal static class BatchRoutes
{
    public static void MapBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/batches", ListAsync);
        routes.MapGet("/v1/batches/{id}", GetAsync);
        routes.MapGet("/v1/batches/{id}/results", ResultsAsync);
        routes.MapPost("/v1/batches/{id}/cancel", CancelAsync);

        var own = routes.MapTrustedGroup(LedgerRoutes.Batches);
        own.MapPost("", async (HttpContext context, IBatchLedger batches) =>
            await ReadAsync<CreateBatch>(context) is { } create ? Json(await batches.CreateAsync(create, context.RequestAborted)) : Results.BadRequest());
        own.MapPost("/take", async (int most, IBatchLedger batches, CancellationToken gone) => Json(await batches.TakeAsync(most, gone)));
        own.MapPost("/give-back", async (string batch, int line, IBatchLedger batches, CancellationToken gone) =>
        {
            await batches.GiveBackAsync(batch, line, gone);
            return Results.NoContent();
        });
        own.MapPost("/refuse", async (HttpContext context, IBatchLedger batches) =>
        {
            if (await ReadAsync<LineRefused>(context) is not { } refused)
                return Results.BadRequest();
            await batches.RefuseAsync(refused, context.RequestAborted);
            return Results.NoContent();
        });
    }

    private static async Task<IResult> ListAsync(HttpContext context, string? after, string? limit, BatchReader batches)
    {
        var (data, hasMore) = await batches.ListAsync(context.GetTenant(), Page.After(after, "bat_"), Page.Limit(limit), context.RequestAborted);
        return Page.Of(data, hasMore, batch => batch.Id);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, BatchReader batches) => Json(await ExistingAsync(context, id, batches));

    private static async Task<IResult> ResultsAsync(HttpContext context, string id, BatchReader batches, BatchResults results)
    {
        await ExistingAsync(context, id, batches);
        context.Response.Headers.CacheControl = "private, no-cache";
        return Results.Stream(output => results.WriteAsync(id, output, context.RequestAborted), "application/jsonl");
    }

    private static async Task<IResult> CancelAsync(HttpContext context, string id, BatchReader batches, BatchUpkeep upkeep)
    {
        await ExistingAsync(context, id, batches);
        await upkeep.CancelAsync(context.GetTenant(), id, context.RequestAborted);
        return Json(await ExistingAsync(context, id, batches));
    }

    private static async Task<BatchView> ExistingAsync(HttpContext context, string id, BatchReader batches) =>
        await batches.FindAsync(context.GetTenant(), id, context.RequestAborted)
        ?? throw NoSuch.Named("batch", id);

    private static ValueTask<T?> ReadAsync<T>(HttpContext context) => context.Request.ReadFromJsonAsync<T>(ContractJson.Options, context.RequestAborted);

    private static IResult Json(object body) => Results.Json(body, ContractJson.Options);
}
