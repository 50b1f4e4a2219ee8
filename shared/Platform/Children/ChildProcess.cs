using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Platform.Children;

/// <summary>One child process as its parent sees it. It does one piece of work at a time (<see cref="ChildLoop"/>).</summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>The line with which a child says that what it works with is loaded.</summary>
    public const string Ready = "ready";

    private const int LongestLine = 256 * 1024;

    private readonly Process _process;
    private readonly Task<bool> _ready;
    private volatile bool _isDisposed;

    private ChildProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _ready = WaitUntilReadyAsync();
    }

    /// <summary>The system's number of the process.</summary>
    public int Id { get; }

    /// <summary>Pieces of work done.</summary>
    public int Done { get; private set; }

    /// <summary>Whether the process still runs.</summary>
    public bool IsAlive => !_isDisposed && !_process.HasExited;

    /// <summary>Processor time that it has used; zero where that cannot be told any more.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            try
            {
                return _process.TotalProcessorTime;
            }
            catch (Exception problem) when (problem is InvalidOperationException or Win32Exception)
            {
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>Starts a child; returns before it is ready.</summary>
    /// <param name="start">From <see cref="ChildCommand.ToStartInfo"/>.</param>
    /// <exception cref="ChildLostException">The system could not start it.</exception>
    public static ChildProcess Start(ProcessStartInfo start)
    {
        try
        {
            var process = Process.Start(start) ?? throw new ChildLostException("no process was made");
            // What a library says goes nowhere, but must be read, or the child stops when the pipe is full.
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            return new ChildProcess(process);
        }
        catch (Exception problem) when (problem is Win32Exception or IOException)
        {
            throw new ChildLostException("the system could not start a process", problem);
        }
    }

    /// <summary>Waits until the child can work. False: it ended instead.</summary>
    public Task<bool> WhenReadyAsync(CancellationToken cancellationToken) => _ready.WaitAsync(cancellationToken);

    /// <summary>Does one piece of work.</summary>
    /// <exception cref="ChildLostException">The child ended or talked nonsense.</exception>
    public async Task<TAnswer> AskAsync<TRequest, TAnswer>(TRequest request, CancellationToken cancellationToken)
        where TAnswer : class
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, ContractJson.Options).AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            var line = await ReadLineAsync(cancellationToken) ?? throw new ChildLostException("it ended");
            var answer = JsonSerializer.Deserialize<TAnswer>(line, ContractJson.Options) ?? throw new ChildLostException("it said null");
            Done++;
            return answer;
        }
        catch (Exception problem) when (problem is IOException or JsonException or ObjectDisposedException or InvalidOperationException)
        {
            throw new ChildLostException("the conversation broke off", problem);
        }
    }

    /// <summary>Ends the child at once, whatever it does.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        try
        {
            _process.Kill();
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception)
        {
            // It has ended already.
        }

        _process.Dispose();
    }

    private async Task<bool> WaitUntilReadyAsync()
    {
        try
        {
            return await ReadLineAsync(CancellationToken.None) == Ready;
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or InvalidOperationException or ChildLostException)
        {
            return false;
        }
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<char>();
        var one = new char[1];
        while (await _process.StandardOutput.ReadAsync(one.AsMemory(), cancellationToken) > 0)
        {
            if (one[0] == '\n')
                return new string([.. line]);
            line.Add(one[0]);
            if (line.Count > LongestLine)
                throw new ChildLostException("it talks without end");
        }

        return null;
    }
}

/// <summary>A child process is gone or useless.</summary>
public sealed class ChildLostException(string what, Exception? inner = null) : Exception($"The child process is lost: {what}.", inner);
