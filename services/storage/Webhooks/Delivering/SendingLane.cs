using Polly;
using Polly.CircuitBreaker;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>
/// What this process knows of one endpoint: how many messages are under way to it, and whether its circuit is open. An endpoint that only fails
/// is left alone for a while and then tried with one message, so that it takes neither slots nor attempts from anybody.
/// </summary>
internal sealed class SendingLane
{
    private const int FailuresToOpen = 5;
    private static readonly TimeSpan Sampling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(5);
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly int _concurrency;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<SendOutcome> _circuit;
    private int _underWay;
    private DateTimeOffset _leaveAloneUntil;

    public SendingLane(TimeProvider time, int concurrency)
    {
        (_time, _concurrency) = (time, concurrency);
        _circuit = new ResiliencePipelineBuilder<SendOutcome> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SendOutcome>
            {
                ShouldHandle = new PredicateBuilder<SendOutcome>().HandleResult(outcome => !outcome.IsSuccess),
                FailureRatio = 1,
                MinimumThroughput = FailuresToOpen,
                SamplingDuration = Sampling,
                BreakDurationGenerator = opened => new(Min(FirstBreak * Math.Pow(2, Math.Min(opened.HalfOpenAttempts, 10)), LongestBreak)),
                OnOpened = opened =>
                {
                    LeaveAlone(opened.BreakDuration);
                    return default;
                },
                StateProvider = _state,
            })
            .Build();
    }

    /// <summary>Whether a message may be taken for this lane now.</summary>
    public bool HasRoom
    {
        get
        {
            // The circuit has a lock of its own, inside which it may call back: never both.
            var most = _state.CircuitState == CircuitState.Closed ? _concurrency : 1;
            lock (_lock)
                return _time.GetUtcNow() >= _leaveAloneUntil && _underWay < most;
        }
    }

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsIdle
    {
        get
        {
            var closed = _state.CircuitState == CircuitState.Closed;
            lock (_lock)
                return closed && _underWay == 0 && _time.GetUtcNow() >= _leaveAloneUntil;
        }
    }

    /// <summary>How long nothing is sent.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_lock)
                return Max(_leaveAloneUntil - _time.GetUtcNow(), TimeSpan.Zero);
        }
    }

    /// <summary>A message was taken.</summary>
    public void Enter()
    {
        lock (_lock)
            _underWay++;
    }

    /// <summary>It is no longer under way.</summary>
    public void Leave()
    {
        lock (_lock)
            _underWay--;
    }

    /// <summary>Nothing is to be sent for a while.</summary>
    public void LeaveAlone(TimeSpan duration)
    {
        lock (_lock)
            _leaveAloneUntil = Later(_leaveAloneUntil, _time.GetUtcNow() + duration);
    }

    /// <summary>Sends through the circuit; null where it is open and nothing was sent.</summary>
    public async Task<SendOutcome?> SendAsync(Func<CancellationToken, Task<SendOutcome>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await _circuit.ExecuteAsync(async token => await send(token), cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
