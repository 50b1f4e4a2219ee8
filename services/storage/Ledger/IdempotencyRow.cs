namespace FlexEdit.Storage.Ledger;

/// <summary>A client's <c>Idempotency-Key</c> and the edit that was made under it, in the same transaction.</summary>
public sealed class IdempotencyRow
{
    public required string Tenant { get; init; }
    /// <summary>As the client sent it.</summary>
    public required string Key { get; init; }
    /// <summary>SHA-256 of the request, lower-case hexadecimal.</summary>
    public required string Digest { get; set; }
    public required string EditId { get; set; }
    /// <summary>UTC ticks. A key that is used again after its time begins anew.</summary>
    public long CreatedAt { get; set; }
}
