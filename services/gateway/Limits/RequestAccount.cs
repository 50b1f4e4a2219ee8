using FlexEdit.Contracts.Tenants;

namespace FlexEdit.Gateway.Limits;

/// <summary>
/// What this gateway may let through of one tenant. It holds requests that are paid for in the quota that all gateways share, so together they
/// never pass more than there are. How many it holds follows the demand: one to begin with, twice as many whenever the last ones went within
/// <see cref="Holds"/>, never more than a sixteenth of the limit; what is held longer is given up.
/// </summary>
internal sealed class RequestAccount(string tenant, ITenantQuota quota, TimeProvider time, Action<Exception> tell)
{
    /// <summary>How long requests are held.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(10);

    private const int Share = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    // Nobody can say who has how much: let all pass, and ask again soon.
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private int _left;
    private int _size;
    private DateTimeOffset _heldUntil;
    private DateTimeOffset _openUntil;
    private DateTimeOffset _closedUntil;
    private DateTimeOffset _fullAt;
    private int _remaining;
    private TenantLimits? _limits;
    private Task? _filling;

    /// <summary>Takes one request; waits only where none is held.</summary>
    public async ValueTask<RequestVerdict> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task filling;
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (now < _openUntil)
                    return new RequestVerdict(true, _limits, 0, TimeSpan.Zero);
                if (_left > 0 && now < _heldUntil)
                {
                    _left--;
                    if (_left < _size / 2)
                        _filling ??= FillAsync();
                    return new RequestVerdict(true, _limits, _left + _remaining, Until(_fullAt, now));
                }
                if (now < _closedUntil)
                    return new RequestVerdict(false, _limits, 0, Until(_closedUntil, now));
                filling = _filling ??= FillAsync();
            }
            await filling.WaitAsync(cancellationToken);
        }
    }

    private static TimeSpan Until(DateTimeOffset then, DateTimeOffset now) => then > now ? then - now : TimeSpan.Zero;

    private async Task FillAsync()
    {
        // Off the lock that the caller holds.
        await Task.Yield();
        int wanted;
        lock (_lock)
        {
            var wasUsed = _left < _size && time.GetUtcNow() < _heldUntil;
            _size = wasUsed ? Math.Min(_size * 2, Math.Max(1, (_limits?.RequestsPerMinute ?? 0) / Share)) : 1;
            wanted = _size;
        }
        try
        {
            Take(await quota.TakeAsync(tenant, wanted, CancellationToken.None).WaitAsync(Patience, time));
        }
        catch (Exception problem)
        {
            tell(problem);
            lock (_lock)
                (_openUntil, _filling) = (time.GetUtcNow() + Unasked, null);
        }
    }

    private void Take(RequestGrant grant)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            (_limits, _filling) = (grant.Limits, null);
            if (grant.Limits.RequestsPerMinute == 0)
            {
                _openUntil = now + Holds;
                return;
            }
            _left = now < _heldUntil ? _left + grant.Granted : grant.Granted;
            _remaining = grant.Remaining;
            (_fullAt, _heldUntil) = (now + grant.ResetAfter, now + Holds);
            if (grant.Granted == 0)
                _closedUntil = now + grant.ResetAfter;
        }
    }
}
