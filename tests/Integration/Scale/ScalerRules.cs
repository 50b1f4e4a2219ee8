namespace FlexEdit.Tests.Integration.Scale;

/// <summary>What a ScaledObject of the chart says (<c>deploy/helm/flexedit/templates/scaling.yaml</c>), and what Kubernetes does where it says nothing.</summary>
internal sealed record ScalerRules
{
    /// <summary>Fewest workers.</summary>
    public required int Min { get; init; }
    /// <summary>Most workers.</summary>
    public required int Max { get; init; }
    /// <summary>GPU-seconds for each worker.</summary>
    public required double Target { get; init; }
    /// <summary>How often KEDA looks, between none and one worker.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>How often the HorizontalPodAutoscaler looks, above one.</summary>
    public TimeSpan Sync { get; init; } = TimeSpan.FromSeconds(15);
    /// <summary>Time without work before the last worker goes.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(1200);
    /// <summary>For how long fewer must have been enough.</summary>
    public TimeSpan Stable { get; init; } = TimeSpan.FromSeconds(300);
    /// <summary>Period of the policy upwards: as many again, or <see cref="StepUp"/>.</summary>
    public TimeSpan UpPeriod { get; init; } = TimeSpan.FromSeconds(15);
    /// <summary>Workers that may come in a period, however few there are.</summary>
    public int StepUp { get; init; } = 8;
    /// <summary>Period of the policy downwards: one worker, or a tenth of them.</summary>
    public TimeSpan DownPeriod { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>Share by which the number may differ from the target before anything is done.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>The same with every time divided.</summary>
    public ScalerRules Faster(double factor) => this with
    {
        Poll = Poll / factor,
        Sync = Sync / factor,
        Cooldown = Cooldown / factor,
        Stable = Stable / factor,
        UpPeriod = UpPeriod / factor,
        DownPeriod = DownPeriod / factor,
    };
}
