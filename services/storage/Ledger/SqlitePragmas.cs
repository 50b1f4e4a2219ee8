using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FlexEdit.Storage.Ledger;

/// <summary>
/// Sets up every SQLite connection: WAL, so that readers never wait for the writer; <c>synchronous=FULL</c>, so that a commit survives a power
/// cut and not only a killed process; a busy time-out, so that storage processes wait for each other.
/// </summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
