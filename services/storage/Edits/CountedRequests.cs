using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Edits;

/// <summary>
/// Requests of clients that count how often they send one, and send no <c>Idempotency-Key</c>. Such a client repeats what was answered with 503, although the edit may have become
/// durable meanwhile: the repetition then means that edit. The same request with a count that begins anew is another edit.
/// </summary>
internal static class CountedRequests
{
    /// <summary>Before a digest in the place of a client's key; no client's key begins so, for it is no printable character.</summary>
    private const string Prefix = "\u0001";

    /// <summary>How long after the first a repetition may come: clients wait seconds, not minutes.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(2);

    /// <summary>Notes the request for <paramref name="id"/>. Null, or the edit that the request was made into before. Of two requests at once the slower one's commit fails, and it decides again.</summary>
    public static async Task<string?> UseAsync(LedgerChange change, string tenant, string digest, string id, bool repeated, CancellationToken cancellationToken)
    {
        var key = Prefix + digest;
        var kept = await change.Ledger.IdempotencyKeys.FindAsync([tenant, key], cancellationToken);
        if (kept is null)
        {
            change.Ledger.IdempotencyKeys.Add(new IdempotencyRow { Tenant = tenant, Key = key, Digest = Kind(repeated), EditId = id, CreatedAt = change.Now });
            return null;
        }
        // Or it is the first one that comes late, behind its own repetition: ids sort by the time at which they were drawn.
        var late = !repeated && kept.Digest == Kind(repeated: true) && string.CompareOrdinal(id, kept.EditId) < 0;
        if ((repeated || late) && kept.CreatedAt > change.Now - s_soon.Ticks && await LivesAsync(change, kept.EditId, cancellationToken))
            return kept.EditId;
        (kept.EditId, kept.Digest, kept.CreatedAt) = (id, Kind(repeated), change.Now);
        return null;
    }

    // What came to nothing is repeated for another try.
    private static Task<bool> LivesAsync(LedgerChange change, string id, CancellationToken cancellationToken) => change.Ledger.Edits.AnyAsync(
        edit => edit.Id == id && edit.Status != EditStatus.Failed && edit.Status != EditStatus.Expired && edit.CancelRequestedAt == null, cancellationToken);

    // In the place of the digest, which the key holds.
    private static string Kind(bool repeated) => repeated ? "repeated" : "first";
}
