using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FlexEdit.Storage.Ledger;

/// <summary>Gives <c>dotnet ef</c> a context to write migrations for SQLite with; nothing at run time uses it.</summary>
internal sealed class LedgerContextFactory : IDesignTimeDbContextFactory<LedgerContext>
{
    /// <inheritdoc/>
    public LedgerContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<LedgerContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>The same for PostgreSQL.</summary>
internal sealed class PostgresLedgerContextFactory : IDesignTimeDbContextFactory<PostgresLedgerContext>
{
    /// <inheritdoc/>
    public PostgresLedgerContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresLedgerContext>().UseNpgsql("Host=none").Options);
}
