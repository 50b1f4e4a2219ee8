using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FlexEdit.Storage.Tenants;

/// <summary>Where a ledger holds data of tenants: every table with a column <c>Tenant</c>, whichever there are.</summary>
internal static class TenantData
{
    private const int Batch = 5000;

    /// <summary>The tables of the model with a tenant's rows: those that others refer to last.</summary>
    public static IReadOnlyList<IEntityType> TypesOf(LedgerContext ledger) =>
        [.. ledger.Model.GetEntityTypes().Where(type => type.FindProperty(nameof(TenantRow.Tenant)) is not null).OrderByDescending(Depth)];

    /// <summary>Deletes up to 5000 rows of a tenant; returns how many.</summary>
    public static Task<int> DeleteSomeAsync(LedgerContext ledger, IEntityType type, string tenant, CancellationToken cancellationToken)
    {
        var (table, row) = (type.GetTableName(), ledger is PostgresLedgerContext ? "ctid" : "rowid");
#pragma warning disable EF1002 // Names of the model, not of a client.
        return ledger.Database.ExecuteSqlRawAsync(
            $"DELETE FROM \"{table}\" WHERE {row} IN (SELECT {row} FROM \"{table}\" WHERE \"Tenant\" = {{0}} LIMIT {Batch})", [tenant], cancellationToken);
#pragma warning restore EF1002
    }

    /// <summary>Deletes what the ledger says about a tenant's objects.</summary>
    public static async Task DeleteInputsAsync(LedgerContext ledger, string tenant, CancellationToken cancellationToken)
    {
        // '0' comes behind '/'.
        var (first, end) = ($"{ObjectKeys.Tenant(tenant)}/", $"{ObjectKeys.Tenant(tenant)}0");
        await ledger.InputUses.Where(use => use.Key.CompareTo(first) >= 0 && use.Key.CompareTo(end) < 0).ExecuteDeleteAsync(cancellationToken);
        await ledger.Inputs.Where(input => input.Key.CompareTo(first) >= 0 && input.Key.CompareTo(end) < 0).ExecuteDeleteAsync(cancellationToken);
    }

    private static int Depth(IEntityType type) =>
        type.GetForeignKeys().Where(key => key.PrincipalEntityType != type).Select(key => 1 + Depth(key.PrincipalEntityType)).DefaultIfEmpty().Max();
}
