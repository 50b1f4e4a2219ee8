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
        if (kept is null)
        {
            change.Ledger.IdempotencyKeys.Add(new IdempotencyRow { Tenant = tenant, Key = key, Digest = digest, EditId = id, CreatedAt = change.Now });
            return default;
        }
        if (kept.CreatedAt <= change.Now - change.Rules.IdempotencyRetention.Ticks)
        {
            (kept.Digest, kept.EditId, kept.CreatedAt) = (digest, id, change.Now);
            return default;
        }
        return kept.Digest == digest ? (kept.EditId, null) : (null, new EditRefused
        {
            Status = 422,
            Code = ErrorCodes.IdempotencyKeyReused,
            Detail = "The Idempotency-Key was sent with another request before; a new request needs a key of its own.",
            Param = "Idempotency-Key",
        });
    }

    /// <summary>410: what was made under the key is no longer there.</summary>
    public static EditRefused Removed(string what) => new()
    {
        Status = 410,
        Code = ErrorCodes.DataRemoved,
        Detail = $"The {what} that was made under this Idempotency-Key was removed.",
        Param = "Idempotency-Key",
    };
}
