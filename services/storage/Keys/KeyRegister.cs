using System.Security.Cryptography;
using System.Text;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Keys;

/// <summary>Makes, finds, lists, rotates and revokes API keys.</summary>
internal sealed class KeyRegister(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, ILedgerDatabase database, TimeProvider time) : IKeyRegister
{
    /// <summary>Longest time for which the secret before a rotation can stay good.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    private const int ShownCharacters = 9;

    /// <inheritdoc/>
    public async Task<KeyHolder?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var row = await ledger.Keys.AsNoTracking().SingleOrDefaultAsync(key => key.RevokedAt == null && (key.Hash == hash || key.OldHash == hash), cancellationToken);
        if (row is null || !(Matches(row.Hash, hash) || (Matches(row.OldHash, hash) && row.OldUntil > await database.NowAsync(ledger, cancellationToken))))
            return null;
        return new KeyHolder { Id = row.Id, Tenant = row.Tenant, Scopes = row.Scopes.Split(' ') };
    }

    /// <summary>Makes a key; the answer is the only place where it can be read.</summary>
    public async Task<KeyView> CreateAsync(CreateKey wish, CancellationToken cancellationToken)
    {
        // Drawn before the transaction: done twice it is the same key.
        var (id, key) = (Ids.NewKey(time), ApiKey.New());
        var row = await writer.WriteAsync(
            async change =>
            {
                if (await change.Ledger.Keys.FindAsync([id], cancellationToken) is { } made)
                    return made;
                var created = new KeyRow
                {
                    Id = id,
                    Tenant = wish.Tenant,
                    Name = wish.Name,
                    Prefix = key[..ShownCharacters],
                    Hash = ApiKey.HashOf(key),
                    Scopes = string.Join(' ', wish.Scopes.Distinct()),
                    CreatedAt = change.Now,
                };
                change.Ledger.Keys.Add(created);
                return created;
            },
            cancellationToken);
        return View(row) with { Key = key };
    }

    /// <summary>The keys of a tenant, or of all.</summary>
    public async Task<IReadOnlyList<KeyView>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var rows = await ledger.Keys.AsNoTracking().Where(key => tenant == null || key.Tenant == tenant).OrderBy(key => key.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(View)];
    }

    /// <summary>
    /// Gives a key a new secret; the answer is the only place where it can be read. The one before stays good for <paramref name="overlap"/>, one
    /// that an earlier rotation left ends. Null where there is no good key of this id.
    /// </summary>
    public async Task<KeyView?> RotateAsync(string id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        // Drawn before the transaction: done twice it is the same secret.
        var secret = ApiKey.New();
        var hash = ApiKey.HashOf(secret);
        var row = await writer.WriteAsync(
            async change =>
            {
                if (await change.Ledger.Keys.FindAsync([id], cancellationToken) is not { RevokedAt: null } key)
                    return null;
                if (key.Hash == hash)
                    return key;
                (key.OldHash, key.OldUntil) = overlap > TimeSpan.Zero ? (key.Hash, (long?)(change.Now + overlap.Ticks)) : (null, null);
                (key.Hash, key.Prefix) = (hash, secret[..ShownCharacters]);
                return key;
            },
            cancellationToken);
        return row is null ? null : View(row) with { Key = secret };
    }

    /// <summary>Takes a key back, and the secret before its last rotation with it. Null where there is none of this id.</summary>
    public Task<KeyView?> RevokeAsync(string id, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await change.Ledger.Keys.FindAsync([id], cancellationToken) is not { } key)
                return null;
            key.RevokedAt ??= change.Now;
            return View(key);
        },
        cancellationToken);

    // The index has found the row by the whole hash; that a stored hash is looked at in constant time costs nothing.
    private static bool Matches(string? stored, string given) =>
        stored is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(given));

    private static KeyView View(KeyRow row) => new()
    {
        Id = row.Id,
        Tenant = row.Tenant,
        Name = row.Name,
        Prefix = row.Prefix,
        Scopes = row.Scopes.Split(' '),
        CreatedAt = UtcTime.Of(row.CreatedAt),
        OldUntil = UtcTime.Of(row.OldUntil),
        RevokedAt = UtcTime.Of(row.RevokedAt),
    };
}
