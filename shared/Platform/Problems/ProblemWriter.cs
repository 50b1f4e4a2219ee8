using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using Microsoft.AspNetCore.Http;

namespace FlexEdit.Platform.Problems;

/// <summary>Writes <c>application/problem+json</c> (RFC 9457).</summary>
public static class ProblemWriter
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Answers the request with a problem. Nothing may have been sent yet.</summary>
    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var body = new ProblemBody(
            $"urn:flexedit:problem:{problem.Code}", ProblemTitles.Of(problem.Code), problem.Status, problem.Detail,
            problem.Code, problem.Param, problem.Retryable, context.TraceIdentifier);
        return response.Body.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(body, ContractJson.Options), context.RequestAborted).AsTask();
    }
}

/// <summary>The members of a problem in the order in which they are written.</summary>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Code, string? Param, bool Retryable, string RequestId);
