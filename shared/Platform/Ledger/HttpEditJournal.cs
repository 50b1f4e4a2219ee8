using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Ledger;

/// <summary>The event log as a gateway in another process sees it.</summary>
internal sealed class HttpEditJournal(HttpClient storage) : IEditJournal
{
    public async Task<EditJournal?> ReadAsync(string tenant, string editId, long afterSequence, CancellationToken cancellationToken)
    {
        using var answer = await storage.GetAsync(LedgerRoutes.JournalOf(tenant, editId, afterSequence), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<EditJournal>(ContractJson.Options, cancellationToken);
    }
}
