using FlexEdit.Contracts.Errors;
using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Problems;

/// <summary>What is said about a bare status that routing, the web server or a framework part set.</summary>
internal static class StatusProblems
{
    public static Problem Of(int status, HttpRequest request) => status switch
    {
        400 => Problem.Malformed("The request cannot be read."),
        401 => new() { Status = 401, Code = ErrorCodes.Unauthorized, Detail = "Send a valid key as 'Authorization: Bearer …'." },
        404 => Problem.NotFound($"There is nothing at {request.Path}."),
        405 => new()
        {
            Status = 405,
            Code = ErrorCodes.MethodNotAllowed,
            Detail = $"{request.Method} is not possible at {request.Path}; the Allow header names what is.",
        },
        408 => new() { Status = 408, Code = ErrorCodes.Malformed, Detail = "The request's body came too slowly." },
        409 => new() { Status = 409, Code = ErrorCodes.Conflict, Detail = "This does not fit what is stored." },
        413 => Problem.TooLarge("The request's body is larger than this server allows; see GET /v1/limits."),
        415 => new()
        {
            Status = 415,
            Code = ErrorCodes.UnsupportedMediaType,
            Detail = "Send the body as multipart/form-data or application/json.",
        },
        429 => new() { Status = 429, Code = ErrorCodes.TooManyRequests, Detail = "Too many requests.", RetryAfter = TimeSpan.FromSeconds(1) },
        502 or 503 or 504 => Problem.Unavailable("A part of the service is away; try again.", TimeSpan.FromSeconds(1)) with { Status = status },
        >= 500 => new() { Status = status, Code = ErrorCodes.Internal, Detail = "The server failed; the request id helps to find out why." },
        _ => new() { Status = status, Code = ErrorCodes.Malformed, Detail = "The request is not acceptable." },
    };
}
