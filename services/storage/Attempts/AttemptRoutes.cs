using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace FlexEdit.Storage.Attempts;

/// <summary>The attempt ledger and the journal over internal HTTP (<see cref="LedgerRoutes"/>); without the shared token nothing is there.</summary>
internal static class AttemptRoutes
{
    public static void MapAttempts(this IEndpointRouteBuilder routes)
    {
        Post<ClaimAttempt>(LedgerRoutes.Claim, async (ledger, claim, token) =>
            await ledger.ClaimAsync(claim, token) is { } grant ? Json(grant) : Results.NoContent());
        Post<AttemptRef>(LedgerRoutes.Heartbeat, async (ledger, attempt, token) => Json(await ledger.HeartbeatAsync(attempt, token)));
        Post<UnderstandingFinished>(LedgerRoutes.FinishUnderstanding, async (ledger, told, token) => Taken(await ledger.FinishUnderstandingAsync(told, token)));
        Post<GenerationFinished>(LedgerRoutes.FinishGeneration, async (ledger, told, token) => Taken(await ledger.FinishGenerationAsync(told, token)));
        Post<AttemptFailed>(LedgerRoutes.Fail, async (ledger, told, token) => Taken(await ledger.FailAsync(told, token)));
        Post<AttemptReleased>(LedgerRoutes.Release, async (ledger, told, token) => Taken(await ledger.ReleaseAsync(told, token)));

        routes.MapGet(LedgerRoutes.Journal, async (HttpContext context, string id, string? tenant, long? after, IEditJournal journal) =>
        {
            if (!InternalTrust.IsTrusted(context) || tenant is null)
                return Results.NotFound();
            return await journal.ReadAsync(tenant, id, after ?? 0, context.RequestAborted) is { } found ? Json(found) : Results.NotFound();
        });

        routes.MapGet(LedgerRoutes.Edits, async (
            HttpContext context, string? tenant, int limit, string? after, [FromQuery(Name = "created_after")] DateTimeOffset? from, [FromQuery(Name = "created_before")] DateTimeOffset? until, IEditPages pages) =>
            InternalTrust.IsTrusted(context) && tenant is not null
                ? Json(await pages.ListAsync(
                    tenant, new EditPageRequest { Limit = limit, After = after, CreatedAfter = from?.UtcDateTime, CreatedBefore = until?.UtcDateTime }, context.RequestAborted))
                : Results.NotFound());

        routes.MapGet(LedgerRoutes.Recipe, async (HttpContext context, string id, string? tenant, IEditRecipes recipes) =>
            InternalTrust.IsTrusted(context) && tenant is not null ? Json(await recipes.ReadAsync(tenant, id, context.RequestAborted)) : Results.NotFound());

        void Post<T>(string route, Func<IAttemptLedger, T, CancellationToken, Task<IResult>> answer)
            where T : class =>
            routes.MapPost(route, async (HttpContext context, IAttemptLedger ledger) =>
            {
                if (!InternalTrust.IsTrusted(context))
                    return Results.NotFound();
                return await ReadAsync<T>(context) is { } told
                    ? await answer(ledger, told, context.RequestAborted)
                    : Results.BadRequest();
            });
    }

    private static IResult Taken(bool taken) => taken ? Results.NoContent() : Results.Conflict();

    private static IResult Json<T>(T value) => Results.Json(value, ContractJson.Options);

    private static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ContractJson.Options, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
