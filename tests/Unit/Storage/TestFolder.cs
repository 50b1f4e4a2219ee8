using FlexEdit.Storage.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>A folder with a ledger and objects that goes with the test. The same tests run on a ledger file here and on PostgreSQL in tests/Integration.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string? _postgres = NewPostgres?.Invoke();

    /// <summary>Makes an empty PostgreSQL database and says how to connect to it; null: ledgers are files.</summary>
    public static Func<string>? NewPostgres { get; set; }

    public string Path { get; } = Directory.CreateTempSubdirectory("flexedit-").FullName;

    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    public bool IsOnPostgres => _postgres is not null;

    public IConfiguration Settings(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            [$"FlexEdit:{StorageOptions.Section}:Ledger"] = Ledger,
            ["FlexEdit:Objects:Folder"] = System.IO.Path.Combine(Path, "objects"),
        };
        if (_postgres is not null)
        {
            all[$"FlexEdit:{StorageOptions.Section}:Database"] = StorageOptions.PostgreSql;
            all[$"FlexEdit:{StorageOptions.Section}:Postgres"] = _postgres;
        }
        foreach (var (key, value) in settings)
            all[$"FlexEdit:{key}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }

    public void Dispose()
    {
        if (_postgres is not null)
            NpgsqlConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={Ledger}");
        SqliteConnection.ClearPool(connection);
        Directory.Delete(Path, recursive: true);
    }
}
