using Npgsql;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>A PostgreSQL server of the test run on a free loopback port.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private readonly string _folder;
    private int _databases;
    private ServerProgram? _server;

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    public int Port { get; }

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer(await ServerProgram.NewFolderAsync(User), FreePorts.Next());
        try
        {
            // Durability against power cuts is PostgreSQL's own; a killed server loses nothing without fsync either.
            await ServerProgram.RunAsync(
                User, new Dictionary<string, string>(), Program("initdb"), "-D", server.Data, "-U", "flexedit", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether new databases have the ledger's tables already.</summary>
    public bool HasTables { get; set; }

    /// <summary>A connection string of a new database.</summary>
    public string NewDatabase()
    {
        var name = $"ledger{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {(HasTables ? "tables" : "template0")}", connection);
        command.ExecuteNonQuery();
        return ConnectionTo(name);
    }

    /// <summary>A connection string of a new database without tables.</summary>
    public async Task<string> NewEmptyDatabaseAsync()
    {
        var name = $"empty{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(name);
    }

    /// <summary>Starts the server where it was stopped or killed.</summary>
    public async Task StartAgainAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = ServerProgram.Start(
            User, "QUIT", new Dictionary<string, string>(),
            Program("postgres"), "-D", Data, "-p", $"{Port}", "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200",
            "-c", "idle_in_transaction_session_timeout=30s", "-c", "lc_messages=C");
        await _server.UntilAsync(async token =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
                await connection.OpenAsync(token);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    /// <summary>Stops it without a warning to anybody.</summary>
    public Task KillAsync() => _server!.EndAsync("KILL");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    internal static string Program(string name) => Directory.GetDirectories("/usr/lib/postgresql")
        .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture))
        .Select(folder => Path.Combine(folder, "bin", name)).First(File.Exists);

    /// <summary>How to connect to a database.</summary>
    public string ConnectionTo(string database) => $"Host=127.0.0.1;Port={Port};Username=flexedit;Database={database};Maximum Pool Size=30";
}
