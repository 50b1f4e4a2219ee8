using System.Net;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Internal;

namespace FlexEdit.Platform.Ledger;

/// <summary>Storage's own cancel route, as a gateway in another process calls it.</summary>
internal sealed class HttpEditControl(HttpClient storage) : IEditControl
{
    public async Task<bool> CancelAsync(string tenant, string editId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/edits/{Uri.EscapeDataString(editId)}/cancel");
        request.Headers.Add(InternalTrust.TenantHeader, tenant);
        using var answer = await storage.SendAsync(request, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            return false;
        answer.EnsureSuccessStatusCode();
        return true;
    }
}
