using FlexEdit.Contracts.Messages;

namespace FlexEdit.Contracts.Ledger;

/// <summary>
/// What earlier requests with an <c>Idempotency-Key</c> came to, asked before anything is fetched or opened: the first answer stands though what the
/// request names is gone since. Storage implements it; other processes reach it over internal HTTP.
/// </summary>
public interface IKeyedRequests
{
    /// <summary>Null where the key is free at this moment. Whether it still is decides the transaction that takes it.</summary>
    Task<KeyedAnswer?> FindAsync(KeyedRequest request, CancellationToken cancellationToken);
}

/// <summary>A request under a key.</summary>
public sealed record KeyedRequest
{
    /// <summary>Whose key.</summary>
    public required string Tenant { get; init; }
    /// <summary>The <c>Idempotency-Key</c>.</summary>
    public required string Key { get; init; }
    /// <summary>SHA-256 of the request, lower-case hexadecimal.</summary>
    public required string Digest { get; init; }
}

/// <summary>What the first request under a key came to, or why this one is another; one of both is null.</summary>
public sealed record KeyedAnswer
{
    /// <summary>The edit that the first request made or approved.</summary>
    public string? EditId { get; init; }
    /// <summary>Why there is no such answer.</summary>
    public EditRefused? Refused { get; init; }
}
