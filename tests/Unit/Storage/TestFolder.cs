using FlexEdit.Storage.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>A folder with a ledger and objects that goes with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("flexedit-").FullName;

    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    public IConfiguration Settings(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            [$"FlexEdit:{StorageOptions.Section}:Ledger"] = Ledger,
            ["FlexEdit:Objects:Folder"] = System.IO.Path.Combine(Path, "objects"),
        };
        foreach (var (key, value) in settings)
            all[$"FlexEdit:{key}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection($"Data Source={Ledger}");
        SqliteConnection.ClearPool(connection);
        Directory.Delete(Path, recursive: true);
    }
}
