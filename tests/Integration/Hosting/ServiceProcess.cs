using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>One of the services as a process of its own on a free loopback port.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;
    private bool _isDisposed;

    private ServiceProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Log => string.Join('\n', _log);

    /// <summary>Starts a service and does not wait for it.</summary>
    /// <param name="project">For instance <c>FlexEdit.Storage</c>.</param>
    /// <param name="settings">Without the prefix <c>FLEXEDIT__</c>.</param>
    public static ServiceProcess Start(string project, IEnumerable<(string Name, string Value)> settings) => StartProgram(Checkout.Program(project), settings);

    /// <summary>Starts a service that was built elsewhere.</summary>
    /// <param name="program">Its dll.</param>
    /// <param name="settings">Without the prefix <c>FLEXEDIT__</c>.</param>
    public static ServiceProcess StartProgram(string program, IEnumerable<(string Name, string Value)> settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program, "--urls", address.ToString() },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FLEXEDIT__Models__Folder"] = Checkout.Models },
        };
        foreach (var (name, value) in settings)
            start.Environment[$"FLEXEDIT__{name}"] = value;
        var service = new ServiceProcess(new Process { StartInfo = start }, address);
        service._process.OutputDataReceived += (_, line) => service.Keep(line.Data);
        service._process.ErrorDataReceived += (_, line) => service.Keep(line.Data);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Waits until the service says that it is ready.</summary>
    public async Task ReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await ReadinessAsync(limit.Token) != 200)
        {
            if (_process.HasExited || !await poll.WaitForNextTickAsync(limit.Token))
                throw new InvalidOperationException($"{Address} ended with {_process.ExitCode}:\n{Log}");
        }
    }

    /// <summary>The status of <c>/healthz/ready</c>; 0 where nothing listens.</summary>
    public async Task<int> ReadinessAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("/healthz/ready", cancellationToken);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>SIGTERM; returns the exit code and how long the end took, a minute at most where nothing else is said.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync(TimeSpan? patience = null)
    {
        var began = Stopwatch.GetTimestamp();
        await ServerProgram.RunAsync("root", new Dictionary<string, string>(), "kill", "-TERM", $"{_process.Id}");
        using var limit = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, Stopwatch.GetElapsedTime(began));
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Http.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }
}
