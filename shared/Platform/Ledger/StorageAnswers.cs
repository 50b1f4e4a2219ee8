using System.Net.Http.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Platform.Ledger;

/// <summary>What storage answers over internal HTTP.</summary>
internal static class StorageAnswers
{
    /// <summary>The body of an answer that is no error and has one.</summary>
    /// <exception cref="HttpRequestException">It is an error, or nothing.</exception>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellationToken) ?? throw new HttpRequestException("Storage answered with nothing.");
    }
}
