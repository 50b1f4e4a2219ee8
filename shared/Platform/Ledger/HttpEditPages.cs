using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Ledger;

/// <summary>The list of edits as a gateway in another process sees it.</summary>
internal sealed class HttpEditPages(HttpClient storage) : IEditPages
{
    public async Task<EditPage> ListAsync(string tenant, EditPageRequest request, CancellationToken cancellationToken)
    {
        using var answer = await storage.GetAsync(LedgerRoutes.PageOf(tenant, request), cancellationToken);
        return await answer.ReadAsync<EditPage>(cancellationToken);
    }
}
