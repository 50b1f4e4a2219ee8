using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Problems;

/// <summary>Writes <c>application/problem+json</c> (RFC 9457), or what a route has in its place.</summary>
public static class ProblemWriter
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Answers the request with a problem, in the shape of its route. Nothing may have been sent yet.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer"; // RFC 9110, section 15.5.2
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (context.Features.Get<IProblemShape>()?.Shape(problem) is { } shaped)
        {
            foreach (var (name, value) in shaped.Headers)
                response.Headers[name] = value;
            return WriteAsync(context, shaped.Status, shaped.ContentType, shaped.Body);
        }

        return WriteAsync(context, problem.Status, ContentType, new ProblemBody(
            $"urn:flexedit:problem:{problem.Code}", ProblemTitles.Of(problem.Code), problem.Status, problem.Detail,
            problem.Code, problem.Param, problem.Retryable, context.TraceIdentifier));
    }

    private static Task WriteAsync(HttpContext context, int status, string contentType, object body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), ContractJson.Options), context.RequestAborted).AsTask();
    }
}

/// <summary>Why a request was refused (RFC 9457), in the order in which it is written.</summary>
/// <param name="Type">Names the kind of error: <c>urn:flexedit:problem:</c> and the code.</param>
/// <param name="Title">The code in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do about it, for a person.</param>
/// <param name="Code">Stable and machine-readable; codes are only ever added.</param>
/// <param name="Param">The field, option or header at fault; null where none is.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
/// <param name="RequestId">Ties the answer to the server's log; also in <c>X-Request-Id</c>.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Code, string? Param, bool Retryable, string RequestId);
