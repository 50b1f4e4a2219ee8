using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;

namespace FlexEdit.Platform.Ledger;

/// <summary>Keys as a gateway in another process asks about them.</summary>
internal sealed class HttpKeyRegister(HttpClient storage) : IKeyRegister
{
    public async Task<KeyHolder?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        using var answer = await storage.GetAsync($"{LedgerRoutes.Keys}/{hash}/holder", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NoContent)
            return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<KeyHolder>(ContractJson.Options, cancellationToken);
    }
}
