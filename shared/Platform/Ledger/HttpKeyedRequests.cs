using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Ledger;

/// <summary>Keyed requests as a gateway in another process asks about them. Throws <see cref="HttpRequestException"/> while storage is away.</summary>
internal sealed class HttpKeyedRequests(HttpClient storage) : IKeyedRequests
{
    public async Task<KeyedAnswer?> FindAsync(KeyedRequest request, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync(LedgerRoutes.KeyedRequests, request, ContractJson.Options, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NoContent ? null : await answer.ReadAsync<KeyedAnswer>(cancellationToken);
    }
}
