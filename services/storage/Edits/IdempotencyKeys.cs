using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Edits;

/// <summary>Which request a client's <c>Idempotency-Key</c> stands for.</summary>
internal static class IdempotencyKeys
{
    /// <summary>
    /// Takes the key for <paramref name="id"/>. Both null where it was free; else what the first request with it made, or why this request is another one. Of two requests
    /// at once the slower one's commit fails, and it decides again.
    /// </summary>
    public static async Task<(string? Made, EditRefused? Refused)> UseAsync(
        LedgerChange change, string tenant, string key, string digest, string id, CancellationToken cancellationToken)
    {
        var kept = await change.Ledger.IdempotencyKeys.FindAsync([tenant, key], cancellationToken);
        if (Of(kept, digest, change.Now - change.Rules.IdempotencyRetention.Ticks) is not (null, null) and var stands)
            return stands;
        if (kept is null)
            change.Ledger.IdempotencyKeys.Add(new IdempotencyRow { Tenant = tenant, Key = key, Digest = digest, EditId = id, CreatedAt = change.Now });
        else
            (kept.Digest, kept.EditId, kept.CreatedAt) = (digest, id, change.Now);
        return default;
    }

    /// <summary>What stands under a key for a request, without taking it.</summary>
    public static async Task<(string? Made, EditRefused? Refused)> LookAsync(LedgerChange change, string tenant, string key, string digest, CancellationToken cancellationToken) =>
        Of(await change.Ledger.IdempotencyKeys.FindAsync([tenant, key], cancellationToken), digest, change.Now - change.Rules.IdempotencyRetention.Ticks);

    /// <summary>What a kept key says to a request with <paramref name="digest"/>: both null where it is free, or was kept at or before <paramref name="since"/> (UTC ticks).</summary>
    public static (string? Made, EditRefused? Refused) Of(IdempotencyRow? kept, string digest, long since) =>
        kept is null || kept.CreatedAt <= since ? default
        : kept.Digest == digest ? (kept.EditId, null)
        : (null, new EditRefused
        {
            Status = 422,
            Code = ErrorCodes.IdempotencyKeyReused,
            Detail = "The Idempotency-Key was sent with another request before; a new request needs a key of its own.",
            Param = "Idempotency-Key",
        });

    /// <summary>410: what was made under the key is no longer there.</summary>
    public static EditRefused Removed(string what) => new()
    {
        Status = 410,
        Code = ErrorCodes.DataRemoved,
        Detail = $"The {what} that was made under this Idempotency-Key was removed.",
        Param = "Idempotency-Key",
    };
}
