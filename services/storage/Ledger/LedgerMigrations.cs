using FlexEdit.Platform.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace FlexEdit.Storage.Ledger;

/// <summary>What a ledger lacks.</summary>
internal static class LedgerMigrations
{
    /// <summary>The statements that bring the tables up to date, to be run in the transaction that asked; null when they are.</summary>
    /// <exception cref="StartupException">A newer version of the server made the ledger.</exception>
    public static async Task<string?> MissingAsync(LedgerContext ledger, CancellationToken cancellationToken)
    {
        var applied = (await ledger.Database.GetAppliedMigrationsAsync(cancellationToken)).ToArray();
        var known = ledger.Database.GetMigrations().ToArray();
        if (applied.Except(known).FirstOrDefault() is { } newer)
            throw new StartupException($"The ledger was made by a newer version of the server (it has '{newer}'); run that version.");
        return applied.Length == known.Length
            ? null
            : ledger.GetService<IMigrator>().GenerateScript(applied.LastOrDefault(), null, MigrationsSqlGenerationOptions.NoTransactions);
    }
}
