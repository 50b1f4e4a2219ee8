using System.Net;
using System.Text.Json;
using FlexEdit.Contracts;

namespace FlexEdit.Cli.Api;

/// <summary>The server refused a request (RFC 9457). The message is one sentence with the error's code.</summary>
public sealed class ApiException : Exception
{
    private ApiException(HttpStatusCode status, string code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The stable code; <c>http_500</c> and the like where the answer had none.</summary>
    public string Code { get; }

    /// <summary>Reads an answer that was not a success.</summary>
    public static async Task<ApiException> FromAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var problem = Parse(text);
        var code = problem?.Code ?? $"http_{(int)response.StatusCode}";
        var sentence = problem?.Detail ?? problem?.Title ?? $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        var request = problem?.RequestId is { Length: > 0 } id ? $", request {id}" : "";
        return new ApiException(response.StatusCode, code, $"{sentence.Trim()} ({code}{request})");
    }

    private static Problem? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(text, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null; // a proxy's page, not our server's answer
        }
    }

    private sealed record Problem(string? Title, string? Detail, string? Code, string? RequestId);
}

/// <summary>No server answers at the address. The message is one sentence.</summary>
public sealed class ServerUnreachableException(Uri server, Exception inner) : Exception(
    $"No FlexEdit server answers at {server.GetLeftPart(UriPartial.Authority)}. Start one with ./run --serve, or name another with --server.", inner);
