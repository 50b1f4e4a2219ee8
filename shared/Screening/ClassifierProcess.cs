using FlexEdit.Platform.Children;
using FlexEdit.Platform.Hosting;
using FlexEdit.Screening.Child;
using FlexEdit.Screening.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Screening;

/// <summary>
/// The classifier in a process of its own: its crash, hang or hunger for memory takes no model and no other edit along. One look at a time;
/// a process that was lost is replaced at the next look.
/// </summary>
internal sealed class ClassifierProcess(IOptions<ContentOptions> options, ChildCommand command, TimeProvider time) : IDisposable
{
    // Loading a network takes longer than running it.
    private const int StartFactor = 10;

    private readonly ContentOptions _options = options.Value;
    private readonly SemaphoreSlim _free = new(1);
    private ChildProcess? _child;
    private volatile bool _stopped;

    /// <summary>Number of the process; null while there is none.</summary>
    internal int? Id => _child?.Id;

    /// <summary>Starts the process, which opens the classifier and tries it.</summary>
    /// <exception cref="StartupException">The classifier does not fit its settings, or cannot be started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (ScreenFailedException problem)
        {
            throw new StartupException($"FLEXEDIT__Content__Classifier cannot be used: {problem.Message.TrimEnd('.')}.", problem);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Looks at a picture. A process that dies of it is replaced, and the picture tried once more: it may have died of something else.</summary>
    /// <param name="rgb">At the classifier's size: width · height · 3 bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Probability of the unsafe classes, 0 to 1.</returns>
    /// <exception cref="ScreenFailedException">The classifier breaks, or takes too long.</exception>
    public async Task<double> ScoreAsync(byte[] rgb, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        // Who leaves does not end the look: an answer that nobody reads would be taken for the next picture's, and a new process is dear.
        return await LookAndReleaseAsync(rgb).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        _child?.Dispose();
    }

    private async Task<double> LookAndReleaseAsync(byte[] rgb)
    {
        try
        {
            try
            {
                return await LookAsync(rgb);
            }
            catch (ScreenFailedException lost) when (lost.InnerException is ChildLostException)
            {
                return await LookAsync(rgb);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<double> LookAsync(byte[] rgb)
    {
        var child = _child is { IsAlive: true } alive ? alive : await OpenAsync(CancellationToken.None);
        return (await AskAsync(child, new ScreenRequest { Rgb = rgb }, _options.TimeLimit, CancellationToken.None)).Score;
    }

    private async Task<ChildProcess> OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        _child?.Dispose();
        try
        {
            _child = ChildProcess.Start(command.ToStartInfo(ScreenWorker.Verb, _options.MemoryMegabytes));
        }
        catch (ChildLostException problem)
        {
            _child = null;
            throw new ScreenFailedException("the classifier's process could not be started", problem);
        }
        if (_stopped)
            _child.Dispose();
        await AskAsync(_child, new ScreenRequest { Open = ClassifierCard.Of(_options) }, _options.TimeLimit * StartFactor, cancellationToken, isFirst: true);
        return _child;
    }

    private async Task<ScreenAnswer> AskAsync(ChildProcess child, ScreenRequest request, TimeSpan longest, CancellationToken cancellationToken, bool isFirst = false)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var keep = false;
        try
        {
            if (isFirst && !await child.WhenReadyAsync(either.Token))
                throw new ChildLostException("it ended");
            var answer = await child.AskAsync<ScreenRequest, ScreenAnswer>(request, either.Token);
            if (answer.Fault is not null)
                throw new ScreenFailedException(answer.Fault);
            keep = true;
            return answer;
        }
        catch (ChildLostException problem)
        {
            throw new ScreenFailedException("the classifier's process was lost; it may need more than FLEXEDIT__Content__MemoryMegabytes", problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ScreenFailedException($"the classifier took longer than {longest.TotalSeconds:0.##} s");
        }
        finally
        {
            if (!keep)
                child.Dispose();
        }
    }
}

/// <summary>A picture could not be looked at. The message is for operators.</summary>
internal sealed class ScreenFailedException(string message, Exception? inner = null) : Exception(message, inner);
