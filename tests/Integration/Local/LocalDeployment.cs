using System.Diagnostics;
using System.Globalization;
using FlexEdit.Tests.Integration.Hosting;
using Npgsql;

namespace FlexEdit.Tests.Integration.Local;

/// <summary>Everything as <c>deploy/local/up</c> runs it, in a folder of its own.</summary>
internal sealed class LocalDeployment : IAsyncDisposable
{
    private readonly Dictionary<string, string> _values;

    private LocalDeployment(string folder, Dictionary<string, string> values)
    {
        (Folder, _values) = (folder, values);
        Http = new HttpClient { BaseAddress = new Uri(this["GATEWAY_URL"]), Timeout = TimeSpan.FromSeconds(60) };
        if (this["API_KEY"] is { Length: > 0 } key)
            Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    public string Folder { get; }

    /// <summary>Calls of the gateway with the deployment's key.</summary>
    public HttpClient Http { get; }

    /// <summary>A value of <c>DIR/env</c>.</summary>
    public string this[string name] => _values[name];

    /// <summary>Names of what runs, such as <c>generation-1</c>.</summary>
    public string[] Names => [.. Directory.EnumerateFiles(Path.Combine(Folder, "supervisors"), "*.pid").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    /// <summary>Starts everything.</summary>
    /// <param name="settings">Settings of all services, as environment variables.</param>
    /// <param name="prepared">Asked with the folder, again and again while <c>up</c> runs, until it says true.</param>
    /// <param name="arguments">Further arguments of <c>up</c>.</param>
    public static async Task<LocalDeployment> UpAsync(IReadOnlyDictionary<string, string> settings, Func<string, bool> prepared, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("flexedit-local-").FullName;
        // The database's own user has to get into its folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            var up = ScriptAsync("up", settings, ["--run-dir", folder, "--no-build", .. arguments]);
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!prepared(folder) && !up.IsCompleted)
                await poll.WaitForNextTickAsync();
            await up;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
        var values = File.ReadLines(Path.Combine(folder, "env")).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Replace("\\", "", StringComparison.Ordinal).Replace("''", "", StringComparison.Ordinal));
        return new LocalDeployment(folder, values);
    }

    /// <summary>Runs a script of <c>deploy/local</c> to its end.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> ScriptAsync(string script, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Checkout.Root, "deploy", "local", script), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"deploy/local/{script} ended with {process.ExitCode}:\n{await output}\n{await error}");
    }

    /// <summary>The process that runs under a name now; null while there is none.</summary>
    public int? PidOf(string name)
    {
        try
        {
            return int.Parse(File.ReadAllText(Path.Combine(Folder, "pids", $"{name}.pid")), CultureInfo.InvariantCulture);
        }
        catch (Exception problem) when (problem is FileNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Sends a signal such as <c>KILL</c> or <c>STOP</c>. False when nothing runs under the name.</summary>
    public async Task<bool> SignalAsync(string name, string signal)
    {
        if (PidOf(name) is not { } pid)
            return false;
        using var kill = Process.Start("kill", ["-s", signal, $"{pid}"]);
        await kill.WaitForExitAsync();
        return kill.ExitCode == 0;
    }

    /// <summary>The end of a log.</summary>
    public string LogOf(string name, int lines = 40) => string.Join('\n', File.ReadLines(Path.Combine(Folder, "logs", $"{name}.log")).TakeLast(lines));

    /// <summary>A connection to the ledger's database, past every proxy. Waits a minute at most for a database that is away.</summary>
    public async Task<NpgsqlConnection> DatabaseAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            // No pool: what a killed server left in it would be handed out.
            var connection = new NpgsqlConnection($"{this["POSTGRES"]};Pooling=false");
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1))
            {
                await connection.DisposeAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await ScriptAsync("down", new Dictionary<string, string>(), "--run-dir", Folder);
        if (Environment.GetEnvironmentVariable("FLEXEDIT_KEEP_RUN_DIR") is null)
            Directory.Delete(Folder, recursive: true);
    }
}
