using System.Net;
using System.Net.Http.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Cli.Commands.Admin;

/// <summary>Reaches storage as its operator.</summary>
internal static class StorageAddress
{
    private const string TokenHeader = "X-FlexEdit-Internal-Token";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A client of storage.</summary>
    /// <exception cref="FormatException">The address or the token is not set.</exception>
    public static HttpClient Open(string? storage)
    {
        var url = storage ?? Environment.GetEnvironmentVariable("FLEXEDIT__Internal__StorageUrl");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            throw new FormatException("Set FLEXEDIT__Internal__StorageUrl (or --storage) to the address of the storage service.");
        if (Environment.GetEnvironmentVariable("FLEXEDIT__Internal__Token") is not { Length: > 0 } token)
            throw new FormatException("Set FLEXEDIT__Internal__Token to the token that the storage service was given.");
        var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        http.DefaultRequestHeaders.Add(TokenHeader, token);
        return http;
    }

    /// <summary>The body of an answer.</summary>
    /// <exception cref="FormatException">Storage refused, in a sentence; <paramref name="missing"/> is the one for 404, which is else about the token.</exception>
    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer, CancellationToken cancellationToken, string? missing = null)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound && missing is not null)
            throw new FormatException(missing);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)
            throw new FormatException("Storage does not know this token; FLEXEDIT__Internal__Token must be the one that the services were given.");
        if (answer.StatusCode == HttpStatusCode.BadRequest)
            throw new FormatException("Storage refuses this: a tenant is [a-z0-9_-], 1 to 64 characters, a name has at most 100, a limit is 0 to 1000000.");
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellationToken) ?? throw new FormatException("Storage gave an empty answer.");
    }
}
