using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Ledger;

/// <summary>The ledger as a worker in another process sees it. Throws <see cref="HttpRequestException"/> while storage is away; the caller decides about repeating.</summary>
internal sealed class HttpAttemptLedger(HttpClient storage) : IAttemptLedger
{
    public async Task<AttemptGrant?> ClaimAsync(ClaimAttempt claim, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync(LedgerRoutes.Claim, claim, ContractJson.Options, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return answer.StatusCode == HttpStatusCode.NoContent
            ? null
            : await answer.Content.ReadFromJsonAsync<AttemptGrant>(ContractJson.Options, cancellationToken);
    }

    public async Task<HeartbeatAnswer> HeartbeatAsync(AttemptRef attempt, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync(LedgerRoutes.Heartbeat, attempt, ContractJson.Options, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<HeartbeatAnswer>(ContractJson.Options, cancellationToken)
            ?? throw new HttpRequestException("Storage answered a heartbeat with nothing.");
    }

    public Task<bool> FinishUnderstandingAsync(UnderstandingFinished finished, CancellationToken cancellationToken) =>
        TellAsync(LedgerRoutes.FinishUnderstanding, finished, cancellationToken);

    public Task<bool> FinishGenerationAsync(GenerationFinished finished, CancellationToken cancellationToken) =>
        TellAsync(LedgerRoutes.FinishGeneration, finished, cancellationToken);

    public Task<bool> FailAsync(AttemptFailed failed, CancellationToken cancellationToken) =>
        TellAsync(LedgerRoutes.Fail, failed, cancellationToken);

    public Task<bool> ReleaseAsync(AttemptReleased released, CancellationToken cancellationToken) =>
        TellAsync(LedgerRoutes.Release, released, cancellationToken);

    private async Task<bool> TellAsync<T>(string route, T what, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync(route, what, ContractJson.Options, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Conflict)
            return false;
        answer.EnsureSuccessStatusCode();
        return true;
    }
}
