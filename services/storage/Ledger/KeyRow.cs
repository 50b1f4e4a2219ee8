namespace FlexEdit.Storage.Ledger;

/// <summary>An API key. The key itself is known only to its owner.</summary>
public sealed class KeyRow
{
    /// <summary><c>key_…</c>.</summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }
    /// <summary>Its first characters, for people.</summary>
    public required string Prefix { get; set; }
    /// <summary>SHA-256 of the whole key, lower-case hex. A key has 160 random bits, so a slow hash would add nothing.</summary>
    public required string Hash { get; set; }
    /// <summary>The hash before the last rotation; null where there was none.</summary>
    public string? OldHash { get; set; }
    /// <summary>Until when the key before the last rotation is good.</summary>
    public long? OldUntil { get; set; }
    /// <summary>Separated by spaces.</summary>
    public required string Scopes { get; init; }
    public required long CreatedAt { get; init; }
    public long? RevokedAt { get; set; }
}
