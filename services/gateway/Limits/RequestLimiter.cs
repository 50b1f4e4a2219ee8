using System.Collections.Concurrent;
using FlexEdit.Contracts.Tenants;

namespace FlexEdit.Gateway.Limits;

/// <summary>The limit on requests of every tenant. While storage does not answer, requests pass: most of them can then do nothing anyway.</summary>
internal sealed partial class RequestLimiter(ITenantQuota quota, TimeProvider time, ILogger<RequestLimiter> log)
{
    private readonly ConcurrentDictionary<string, RequestAccount> _accounts = new();

    /// <summary>Takes a request of a tenant.</summary>
    public ValueTask<RequestVerdict> TakeAsync(string tenant, CancellationToken cancellationToken) =>
        _accounts.GetOrAdd(tenant, name => new RequestAccount(name, quota, time, problem => LogUnasked(problem, name))).TakeAsync(cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Storage could not be asked for the quota of tenant {Tenant}; requests pass for a moment.")]
    private partial void LogUnasked(Exception problem, string tenant);
}
