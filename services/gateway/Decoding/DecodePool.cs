using System.Collections.Concurrent;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Children;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Decoding;

/// <summary>
/// Opens pictures of strangers in child processes, so that a decoder's crash, hang or hunger for memory costs one request
/// and nothing else. Children are warm, do one picture at a time, and are replaced after a failure or a number of pictures.
/// </summary>
internal sealed partial class DecodePool(
    IOptions<DecodeOptions> options, ChildCommand command, TimeProvider time, ILogger<DecodePool> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly DecodeOptions _options = options.Value;
    private readonly SemaphoreSlim _free = new(options.Value.Workers);
    private readonly ConcurrentStack<ChildProcess> _idle = new();
    private readonly ConcurrentDictionary<int, ChildProcess> _busy = new();
    private int _inside;
    private volatile bool _stopped;

    /// <summary>Process numbers of the children at work.</summary>
    public ICollection<int> Busy => _busy.Keys;

    /// <summary>Process numbers of the children that wait for work.</summary>
    public IReadOnlyList<int> Idle => [.. _idle.Select(child => child.Id)];

    /// <summary>Does one piece of work in a child.</summary>
    /// <exception cref="ProblemException">What the child found wrong with the picture; 422 where it broke or worked too long over it; 503 where there is no room, or no processor for it.</exception>
    public async Task<DecodeAnswer> RunAsync(DecodeRequest request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inside) > _options.Workers + _options.Waiting)
        {
            Interlocked.Decrement(ref _inside);
            throw new ProblemException(Problem.Unavailable("Too many pictures are being read right now.", ComeBack));
        }

        try
        {
            await _free.WaitAsync(cancellationToken);
            try
            {
                return (await RunInChildAsync(request, cancellationToken)).OrThrow();
            }
            finally
            {
                _free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Starts the children; does not wait until they are ready.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _options.Workers; i++)
            Refill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        while (_idle.TryPop(out var child))
            child.Dispose();
        foreach (var child in _busy.Values)
            child.Dispose();
    }

    private async Task<DecodeAnswer> RunInChildAsync(DecodeRequest request, CancellationToken cancellationToken)
    {
        var child = await TakeAsync(cancellationToken);
        var keep = false;
        var before = child.ProcessorTime;
        _busy[child.Id] = child;
        using var limit = new CancellationTokenSource(_options.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var answer = await child.AskAsync<DecodeRequest, DecodeAnswer>(request, either.Token);
            keep = child.Done < _options.PicturesPerWorker;
            return answer;
        }
        catch (ChildLostException problem)
        {
            LogLost(problem, child.Id, request.Field);
            return Unreadable(request, "the decoder gave up on it");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A machine that has no time for the child says nothing about the picture.
            if (child.ProcessorTime - before < _options.TimeLimit / 2)
            {
                LogStarved(child.Id, request.Field, _options.TimeLimit);
                throw new ProblemException(Problem.Unavailable("This server is too busy to read pictures right now.", ComeBack));
            }
            LogSlow(child.Id, request.Field, _options.TimeLimit);
            return Unreadable(request, $"it takes longer than {_options.TimeLimit.TotalSeconds:0.##} s to decode");
        }
        finally
        {
            _busy.TryRemove(child.Id, out _);
            if (keep && !_stopped)
            {
                _idle.Push(child);
            }
            else
            {
                child.Dispose();
                Refill();
            }
        }
    }

    /// <summary>A child that is ready. One that died while idle is passed over: no request pays for it.</summary>
    private async Task<ChildProcess> TakeAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // One more try than there can be dead ones.
            for (var i = 0; i <= _options.Workers; i++)
            {
                if (!_idle.TryPop(out var child))
                    child = ChildProcess.Start(command.ToStartInfo(DecodeWorker.Verb, _options.MemoryMegabytes));
                if (await IsReadyAsync(child, either.Token))
                    return child;
                child.Dispose();
            }
        }
        catch (ChildLostException problem)
        {
            LogNotStarted(problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotReady(StartLimit);
        }

        throw new ProblemException(Problem.Unavailable("Pictures cannot be read right now.", ComeBack));
    }

    private async Task<bool> IsReadyAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        try
        {
            return await child.WhenReadyAsync(cancellationToken) && child.IsAlive;
        }
        catch (OperationCanceledException)
        {
            // It is only slow to start; the next request may have it.
            _idle.Push(child);
            throw;
        }
    }

    private void Refill()
    {
        if (_stopped)
            return;
        try
        {
            _idle.Push(ChildProcess.Start(command.ToStartInfo(DecodeWorker.Verb, _options.MemoryMegabytes)));
        }
        catch (ChildLostException problem)
        {
            LogNotStarted(problem);
        }
    }

    private static DecodeAnswer Unreadable(DecodeRequest request, string why) =>
        DecodeAnswer.Refused(ErrorCodes.InvalidImage, $"{request.Field} cannot be read: {why}.", request.Field);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decoder process {Process} was lost over {Field}")]
    private partial void LogLost(Exception problem, int process, string field);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decoder process {Process} was killed: {Field} took longer than {Limit}")]
    private partial void LogSlow(int process, string field, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decoder process {Process} was killed: it stood or had no processor for most of {Limit} over {Field}")]
    private partial void LogStarved(int process, string field, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "A decoder process could not be started")]
    private partial void LogNotStarted(Exception problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "No decoder process was ready within {Limit}")]
    private partial void LogNotReady(TimeSpan limit);
}
