namespace FlexEdit.Contracts.Keys;

/// <summary>What a key may do.</summary>
public static class KeyScopes
{
    /// <summary>Make, cancel and delete edits.</summary>
    public const string Write = "edits:write";
    /// <summary>Read edits and their pictures.</summary>
    public const string Read = "edits:read";
    /// <summary>Everything, and the installation's own affairs.</summary>
    public const string Admin = "admin";

    /// <summary>All scopes.</summary>
    public static IReadOnlyList<string> All { get; } = [Write, Read, Admin];
}

/// <summary>Who holds a key.</summary>
public sealed record KeyHolder
{
    /// <summary><c>key_…</c>.</summary>
    public required string Id { get; init; }
    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }
    /// <summary>What it may do, of <see cref="KeyScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whether the key may do what <paramref name="scope"/> allows.</summary>
    public bool May(string scope) => Scopes.Contains(scope) || Scopes.Contains(KeyScopes.Admin);
}

/// <summary>What a gateway asks about keys. Storage implements it; other processes reach it over internal HTTP.</summary>
public interface IKeyRegister
{
    /// <summary>Who holds the key with this <see cref="ApiKey.HashOf"/>; null where there is none or it was revoked.</summary>
    Task<KeyHolder?> FindAsync(string hash, CancellationToken cancellationToken);
}

/// <summary>A wish for a key.</summary>
public sealed record CreateKey
{
    /// <summary><c>[a-z0-9_-]</c>, 1 to 64 characters.</summary>
    public required string Tenant { get; init; }
    /// <summary>What people call it, at most 100 characters.</summary>
    public string Name { get; init; } = "";
    /// <summary>Of <see cref="KeyScopes"/>; at least one.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
}

/// <summary>A wish for a new secret of a key.</summary>
public sealed record RotateKey
{
    /// <summary>How long the old secret stays good, 0 to 30 d.</summary>
    public required TimeSpan Overlap { get; init; }
}

/// <summary>A key as it is shown: with <see cref="Key"/> once, at its creation or rotation.</summary>
public sealed record KeyView
{
    /// <summary><c>key_…</c>.</summary>
    public required string Id { get; init; }
    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }
    /// <summary>The key; only in the answer to its creation or rotation.</summary>
    public string? Key { get; init; }
    /// <summary>Its first characters.</summary>
    public required string Prefix { get; init; }
    /// <summary>What it may do.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
    /// <summary>UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>Until when the secret before the last rotation is good, UTC; null where there is none that is.</summary>
    public DateTime? OldUntil { get; init; }
    /// <summary>UTC; null while it is good.</summary>
    public DateTime? RevokedAt { get; init; }
}
