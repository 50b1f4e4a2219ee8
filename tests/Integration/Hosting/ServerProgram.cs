using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>
/// A server of somebody else's as a child process that cannot outlive the tests: a shell beside it ends it when the
/// tests' end of a pipe closes, however they end.
/// </summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    // $1: the signal for the end; the rest: the command. A line on standard input names another signal. A signal to the tests' whole group must not end the keeper first. The job has a process group of its own.
    private const string Keeper = """
        signal=$1; shift
        trap '' HUP INT TERM
        set -m
        "$@" </dev/null & pid=$!
        while kill -0 "$pid" 2>/dev/null; do
          code=0; read -r -t 0.5 how || code=$?
          [ "$code" -gt 128 ] && continue
          kill -s "${how:-$signal}" -- "-$pid"; break
        done
        wait "$pid"
        """;

    private readonly Process _keeper;
    private readonly ConcurrentQueue<string> _log = new();

    private ServerProgram(Process keeper) => _keeper = keeper;

    /// <summary>What it wrote.</summary>
    public string Log => string.Join('\n', _log);

    public bool HasExited => _keeper.HasExited;

    /// <summary>Starts a program; as <paramref name="user"/> when the tests run as root, since some servers refuse to run as root.</summary>
    public static ServerProgram Start(string user, string signal, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", Keeper, "keeper", signal, .. AsUser(user), .. command])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var server = new ServerProgram(new Process { StartInfo = start });
        server._keeper.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._keeper.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._keeper.Start();
        server._keeper.BeginOutputReadLine();
        server._keeper.BeginErrorReadLine();
        return server;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string user, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        string[] all = [.. AsUser(user), .. command];
        var start = new ProcessStartInfo(all[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in all[1..])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{await output}\n{await error}");
    }

    /// <summary>An empty folder in the system's temporary one, owned by who will run the server.</summary>
    public static async Task<string> NewFolderAsync(string user)
    {
        var folder = Directory.CreateTempSubdirectory("flexedit-it-").FullName;
        if (Environment.IsPrivilegedProcess)
            await RunAsync("root", new Dictionary<string, string>(), "chown", user, folder);
        return folder;
    }

    /// <summary>Waits until <paramref name="isThere"/>; throws with the log when the program ends before or it takes longer than a minute.</summary>
    public async Task UntilAsync(Func<CancellationToken, Task<bool>> isThere)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await isThere(limit.Token))
            {
                if (HasExited)
                    throw new InvalidOperationException($"The server ended with {_keeper.ExitCode}:\n{Log}");
                await poll.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new InvalidOperationException($"The server did not come up within a minute:\n{Log}");
        }
    }

    /// <summary>Ends the program and all of its children by a signal and waits until they are gone.</summary>
    public async Task EndAsync(string signal)
    {
        if (!HasExited)
            await _keeper.StandardInput.WriteLineAsync(signal);
        await _keeper.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private static string[] AsUser(string user) =>
        Environment.IsPrivilegedProcess && user != "root" ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--"] : [];

    private void Keep(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }
}
