using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Ledger;

/// <summary>The same tables in PostgreSQL.</summary>
public sealed class PostgresLedgerContext(DbContextOptions<PostgresLedgerContext> options) : LedgerContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // Ids sort by their bytes, whatever language the database was made for.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()).Where(p => p.ClrType == typeof(string)))
            property.SetCollation("C");
    }
}
