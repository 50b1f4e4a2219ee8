using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Ledger;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Edits;

/// <summary>Reads what stands under an <c>Idempotency-Key</c>, and answers gateways of other processes.</summary>
internal sealed class KeyedRequests(IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, IOptions<StorageOptions> rules) : IKeyedRequests
{
    /// <inheritdoc/>
    public async Task<KeyedAnswer?> FindAsync(KeyedRequest request, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var kept = await ledger.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Tenant == request.Tenant && key.Key == request.Key, cancellationToken);
        var since = await database.NowAsync(ledger, cancellationToken) - rules.Value.IdempotencyRetention.Ticks;
        var (made, refused) = IdempotencyKeys.Of(kept, request.Digest, since);
        if (made is null)
            return refused is null ? null : new KeyedAnswer { Refused = refused };
        return await ledger.Edits.AnyAsync(edit => edit.Id == made && edit.Tenant == request.Tenant, cancellationToken)
            ? new KeyedAnswer { EditId = made }
            : new KeyedAnswer { Refused = IdempotencyKeys.Removed("edit") };
    }
}

/// <summary>The same over internal HTTP (<see cref="LedgerRoutes.KeyedRequests"/>).</summary>
internal static class KeyedRequestRoutes
{
    public static void MapKeyedRequests(this IEndpointRouteBuilder routes) =>
        routes.MapTrustedGroup(LedgerRoutes.KeyedRequests).MapPost("", async (HttpContext context, IKeyedRequests keyed) =>
            await context.Request.ReadFromJsonAsync<KeyedRequest>(ContractJson.Options, context.RequestAborted) is not { } request ? Results.BadRequest()
            : await keyed.FindAsync(request, context.RequestAborted) is { } answer ? Results.Json(answer, ContractJson.Options)
            : Results.NoContent());
}
