using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;

namespace FlexEdit.Platform.Ledger;

/// <summary>Batches as a gateway in another process sees them. Throws <see cref="HttpRequestException"/> while storage is away.</summary>
internal sealed class HttpBatchLedger(HttpClient storage) : IBatchLedger
{
    public async Task<BatchAnswer> CreateAsync(CreateBatch create, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync(LedgerRoutes.Batches, create, ContractJson.Options, cancellationToken);
        return await answer.ReadAsync<BatchAnswer>(cancellationToken);
    }

    public async Task<IReadOnlyList<TakenLine>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsync($"{LedgerRoutes.Batches}/take?most={most}", null, cancellationToken);
        return await answer.ReadAsync<List<TakenLine>>(cancellationToken);
    }

    public async Task GiveBackAsync(string batchId, int line, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsync($"{LedgerRoutes.Batches}/give-back?batch={Uri.EscapeDataString(batchId)}&line={line}", null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async Task RefuseAsync(LineRefused refused, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync($"{LedgerRoutes.Batches}/refuse", refused, ContractJson.Options, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
