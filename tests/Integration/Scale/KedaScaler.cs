namespace FlexEdit.Tests.Integration.Scale;

/// <summary>
/// Decides on numbers of workers as KEDA and the HorizontalPodAutoscaler do: KEDA between none and one (metric above 0; cooldown), the autoscaler above one:
/// ⌈metric ÷ target⌉, within the bounds, not for less than the tolerance, fewer only when fewer would have been enough for a while, and no faster than the policies allow
/// (<c>pkg/controller/podautoscaler</c> of Kubernetes 1.34: GetExternalPerPodMetricReplicas, stabilizeRecommendationWithBehaviors, convertDesiredReplicasWithBehaviorRate).
/// </summary>
internal sealed class KedaScaler(ScalerRules rules)
{
    private readonly Queue<(TimeSpan At, int Wanted)> _recommendations = new();
    private readonly List<(TimeSpan At, int Change)> _changes = [];
    private TimeSpan? _lastActive;
    private TimeSpan? _lastSync;

    /// <summary>What KEDA does when it looks: from none to one, and to none; otherwise nothing.</summary>
    /// <param name="now">Time since the beginning.</param>
    /// <param name="metric">GPU-seconds outstanding; null where the number could not be read.</param>
    /// <param name="current">Workers now.</param>
    public int Poll(TimeSpan now, double? metric, int current)
    {
        if (metric is null)
            return current;
        if (metric > 0)
        {
            _lastActive = now;
            return current > 0 ? current : Changed(now, current, Math.Max(1, rules.Min));
        }
        if (current == 0 || rules.Min > 0 || now - (_lastActive ?? now) < rules.Cooldown)
        {
            _lastActive ??= now;
            return current;
        }
        return Changed(now, current, 0);
    }

    /// <summary>What the autoscaler does when it looks; it lets none be none.</summary>
    /// <inheritdoc cref="Poll"/>
    public int Sync(TimeSpan now, double? metric, int current)
    {
        if (metric is null || current == 0 || now - _lastSync < rules.Sync)
            return current;
        _lastSync = now;
        var wanted = Math.Abs(1 - (metric.Value / (rules.Target * current))) <= rules.Tolerance ? current : (int)Math.Ceiling(metric.Value / rules.Target);
        wanted = Math.Clamp(wanted, Math.Max(1, rules.Min), rules.Max);
        _recommendations.Enqueue((now, wanted));
        while (_recommendations.Peek().At < now - rules.Stable)
            _recommendations.Dequeue();
        if (wanted < current)
            wanted = Math.Min(current, _recommendations.Max(r => r.Wanted));
        return Changed(now, current, wanted > current ? Math.Min(wanted, MostUp(now, current)) : Math.Max(wanted, LeastDown(now, current)));
    }

    private int MostUp(TimeSpan now, int current)
    {
        var before = current - _changes.Where(c => c.At > now - rules.UpPeriod && c.Change > 0).Sum(c => c.Change);
        return Math.Max(before * 2, before + rules.StepUp);
    }

    private int LeastDown(TimeSpan now, int current)
    {
        var before = current - _changes.Where(c => c.At > now - rules.DownPeriod && c.Change < 0).Sum(c => c.Change);
        return Math.Min(before - 1, (int)(before * 0.9));
    }

    private int Changed(TimeSpan now, int current, int wanted)
    {
        if (wanted != current)
            _changes.Add((now, wanted - current));
        return wanted;
    }
}
