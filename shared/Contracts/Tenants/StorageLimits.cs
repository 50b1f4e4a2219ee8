namespace FlexEdit.Contracts.Tenants;

/// <summary>The limits that storage checks, for one tenant.</summary>
public sealed record StorageLimits
{
    /// <summary>Of the tenant.</summary>
    public required TenantLimits Tenant { get; init; }
    /// <summary>Of every edit.</summary>
    public required EditLimits Edits { get; init; }
    /// <summary>How long things are kept.</summary>
    public required RetentionLimits Retention { get; init; }
    /// <summary>Of webhooks.</summary>
    public required WebhookLimits Webhooks { get; init; }
}

/// <summary>Limits of every edit.</summary>
/// <param name="MaxAttempts">How often a stage is tried.</param>
/// <param name="LeaseSeconds">How long a worker counts without a sign of life.</param>
/// <param name="QueueSeconds">Longest wait for a worker; <c>Cancel-After</c> may shorten it.</param>
/// <param name="RunSeconds">How long one attempt may run.</param>
/// <param name="ApprovalSeconds">How long an edit waits for its approval.</param>
public sealed record EditLimits(int MaxAttempts, double LeaseSeconds, double QueueSeconds, double RunSeconds, double ApprovalSeconds);

/// <summary>How long things are kept.</summary>
/// <param name="EditSeconds">A finished edit with its inputs and results.</param>
/// <param name="IdempotencyKeySeconds">An <c>Idempotency-Key</c>.</param>
/// <param name="DeliverySeconds">Messages of webhooks and the log of their deliveries.</param>
/// <param name="UsageSeconds">The usage of a day.</param>
public sealed record RetentionLimits(double EditSeconds, double IdempotencyKeySeconds, double DeliverySeconds, double UsageSeconds);

/// <summary>Limits of webhooks.</summary>
/// <param name="MaxEndpoints">Most endpoints of a tenant.</param>
/// <param name="TimeoutSeconds">Time for one attempt at a delivery.</param>
/// <param name="RetrySeconds">The gaps between attempts, before jitter.</param>
/// <param name="DisableAfterSeconds">After how long of nothing but failures an endpoint is disabled.</param>
/// <param name="RotationOverlapSeconds">How long an old secret still signs, where the rotation does not say.</param>
public sealed record WebhookLimits(
    int MaxEndpoints, double TimeoutSeconds, IReadOnlyList<double> RetrySeconds, double DisableAfterSeconds, double RotationOverlapSeconds);
