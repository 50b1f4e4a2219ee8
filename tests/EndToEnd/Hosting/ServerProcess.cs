using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace FlexEdit.Tests.EndToEnd.Hosting;

/// <summary>The standalone server as a process of its own, on a free loopback port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(120);
    private readonly ConcurrentQueue<string> _log;
    private readonly Process _process;

    private ServerProcess(Process process, Uri address, ConcurrentQueue<string> log)
    {
        _process = process;
        _log = log;
        Address = address;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public bool IsRunning => !_process.HasExited;

    /// <summary>What the server wrote, for the message of a test that fails.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts the server and waits until it says that it is ready.</summary>
    /// <param name="dataFolder">Ledger and objects.</param>
    /// <param name="settings">Further settings as environment variables.</param>
    public static async Task<ServerProcess> StartAsync(string dataFolder, params (string Name, string Value)[] settings)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Checkout.Program("FlexEdit.Standalone", "FlexEdit.Standalone.dll"), "--urls", address.ToString(), "--data", dataFolder },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FLEXEDIT__Models__Folder"] = Checkout.Models },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var log = new ConcurrentQueue<string>();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, address, log);
        try
        {
            await server.WaitUntilReadyAsync();
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
        return server;

        void Keep(string? line)
        {
            if (line is not null)
                log.Enqueue(line);
        }
    }

    /// <summary><c>kill -9</c>: no time for anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Largest resident memory since the start, bytes (proc(5), VmHWM).</summary>
    public long PeakMemory() => MemoryOf("VmHWM:");

    /// <summary>Resident memory now, bytes (proc(5), VmRSS).</summary>
    public long ResidentMemory() => MemoryOf("VmRSS:");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (IsRunning)
            await KillAsync();
        _process.Dispose();
    }

    private long MemoryOf(string field) => File.ReadLines($"/proc/{_process.Id}/status")
        .Where(line => line.StartsWith(field, StringComparison.Ordinal))
        .Select(line => 1024 * long.Parse(line.AsSpan(field.Length, line.Length - field.Length - "kB".Length), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture))
        .Single();

    private async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(limit.Token))
        {
            if (!IsRunning)
                throw new InvalidOperationException($"The server ended with exit code {_process.ExitCode}:\n{Log}");
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("/healthz/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
