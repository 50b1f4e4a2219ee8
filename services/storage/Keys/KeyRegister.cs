using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Keys;

/// <summary>Makes, finds, lists and revokes API keys.</summary>
internal sealed class KeyRegister(LedgerWriter writer, IDbContextFactory<LedgerContext> ledgers, TimeProvider time) : IKeyRegister
{
    private const int ShownCharacters = 9;

    /// <inheritdoc/>
    public async Task<KeyHolder?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
        var row = await ledger.Keys.AsNoTracking().SingleOrDefaultAsync(key => key.Hash == hash && key.RevokedAt == null, cancellationToken);
        return row is null ? null : new KeyHolder { Id = row.Id, Tenant = row.Tenant, Scopes = row.Scopes.Split(' ') };
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

    /// <summary>Takes a key back. False where there is none of this id.</summary>
    public Task<bool> RevokeAsync(string id, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await change.Ledger.Keys.FindAsync([id], cancellationToken) is not { } key)
                return false;
            key.RevokedAt ??= change.Now;
            return true;
        },
        cancellationToken);

    private static KeyView View(KeyRow row) => new()
    {
        Id = row.Id,
        Tenant = row.Tenant,
        Name = row.Name,
        Prefix = row.Prefix,
        Scopes = row.Scopes.Split(' '),
        CreatedAt = UtcTime.Of(row.CreatedAt),
        RevokedAt = UtcTime.Of(row.RevokedAt),
    };
}
