using System.Text.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Storage.Ledger;

/// <summary>Reads what rows hold as JSON.</summary>
internal static class LedgerJson
{
    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The text is <c>null</c>: no row is written so.</exception>
    /// <exception cref="JsonException">It is no such value.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, ContractJson.Options) ?? throw new InvalidOperationException("The ledger holds an empty text.");
}
