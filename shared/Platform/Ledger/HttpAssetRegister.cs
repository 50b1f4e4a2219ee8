using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;

namespace FlexEdit.Platform.Ledger;

/// <summary>Assets as a gateway in another process asks about them. Throws <see cref="HttpRequestException"/> while storage is away.</summary>
internal sealed class HttpAssetRegister(HttpClient storage) : IAssetRegister
{
    public async Task<StoredAsset?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        using var answer = await storage.GetAsync($"{LedgerRoutes.Assets}/{tenant}/{Uri.EscapeDataString(id)}", cancellationToken);
        answer.EnsureSuccessStatusCode();
        return answer.StatusCode == HttpStatusCode.NoContent
            ? null
            : await answer.Content.ReadFromJsonAsync<StoredAsset>(ContractJson.Options, cancellationToken);
    }

    public async Task<KeepAnswer> KeepAsync(KeepAsset keep, CancellationToken cancellationToken)
    {
        using var answer = await storage.PostAsJsonAsync(LedgerRoutes.Assets, keep, ContractJson.Options, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<KeepAnswer>(ContractJson.Options, cancellationToken)
            ?? throw new HttpRequestException("Storage answered an upload with nothing.");
    }

    public async Task<AssetPage> ListAsync(string tenant, string? after, int limit, CancellationToken cancellationToken)
    {
        var from = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
        using var answer = await storage.GetAsync($"{LedgerRoutes.Assets}/{tenant}?limit={limit}{from}", cancellationToken);
        return await answer.ReadAsync<AssetPage>(cancellationToken);
    }

    public async Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        using var answer = await storage.DeleteAsync($"{LedgerRoutes.Assets}/{tenant}/{Uri.EscapeDataString(id)}", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return false;
        answer.EnsureSuccessStatusCode();
        return true;
    }
}
