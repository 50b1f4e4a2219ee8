using System.Collections.Concurrent;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>
/// The idempotency keys whose requests this gateway is taking in. A second one is told to come back instead of being uploaded, decoded and stored beside the first.
/// That one edit comes of both does not rest on it: the ledger decides, for any number of gateways.
/// </summary>
internal sealed class KeysUnderWay
{
    private static readonly TimeSpan s_comeBack = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(string Tenant, string Key), byte> _keys = new();

    /// <summary>Notes a key until the result is disposed; null for a request without one.</summary>
    /// <exception cref="ProblemException">409: a request with the same key is being taken in.</exception>
    public IDisposable? Enter(string tenant, string? key)
    {
        if (key is null)
            return null;
        return _keys.TryAdd((tenant, key), 0)
            ? new Entry(this, (tenant, key))
            : throw new ProblemException(new Problem
            {
                Status = StatusCodes.Status409Conflict,
                Code = ErrorCodes.IdempotencyKeyInUse,
                Detail = "A request with this Idempotency-Key is just being taken in; send it again to get its answer.",
                Param = "Idempotency-Key",
                RetryAfter = s_comeBack,
            });
    }

    private sealed class Entry(KeysUnderWay keys, (string, string) key) : IDisposable
    {
        public void Dispose() => keys._keys.TryRemove(key, out _);
    }
}
