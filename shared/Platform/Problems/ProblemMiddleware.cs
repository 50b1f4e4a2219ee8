using System.Data.Common;
using System.Net.Sockets;
using FlexEdit.Platform.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlexEdit.Platform.Problems;

/// <summary>
/// Gives every request an id (<c>X-Request-Id</c>), and every failure that reaches it the form of a problem:
/// a <see cref="ProblemException"/>, what the web server refuses, a status without a body, and anything unforeseen,
/// of which the client learns nothing but the request id.
/// </summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    /// <summary>Handles one request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        context.TraceIdentifier = RequestIds.From(context.Request.Headers[RequestIds.Header]);
        context.Response.Headers[RequestIds.Header] = context.TraceIdentifier;
        try
        {
            await next(context);
            if (!IsBare(context.Response))
                return;
            // What was said of the picture is not said of the problem.
            context.Response.ContentLength = null;
            context.Response.Headers.Remove("Content-Disposition");
            await ProblemWriter.WriteAsync(context, StatusProblems.Of(context.Response.StatusCode, context.Request));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody reads an answer.
        }
        catch (Exception problem)
        {
            if (context.Response.HasStarted)
            {
                LogCutOff(problem, context.Request.Method, context.Request.Path);
                context.Abort();
                return;
            }

            await AnswerAsync(context, problem);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception problem)
    {
        context.Response.Clear();
        context.Response.Headers[RequestIds.Header] = context.TraceIdentifier;
        switch (problem)
        {
            case ProblemException known:
                return ProblemWriter.WriteAsync(context, known.Problem);
            case BadHttpRequestException refused:
                return ProblemWriter.WriteAsync(context, StatusProblems.Of(refused.StatusCode, context.Request));
            case { } lost when IsPartAway(lost):
                LogFailed(problem, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return ProblemWriter.WriteAsync(context, Problem.Unavailable("A part of the service does not answer right now; try again.", TimeSpan.FromSeconds(2)));
            default:
                LogFailed(problem, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return ProblemWriter.WriteAsync(context, StatusProblems.Of(500, context.Request));
        }
    }

    // Database, object store or another service; HttpClient also lets bare socket errors out, and says its own timeout as a cancellation.
    private static bool IsPartAway(Exception problem) =>
        problem is DbException or ObjectStoreException or HttpRequestException or SocketException or TimeoutException
        || (problem.InnerException is { } inner && IsPartAway(inner));

    private static bool IsBare(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentLength: null or 0 }
        // A range beyond a picture's end leaves the picture's type behind, and no body.
        && (response.ContentType is null || response.StatusCode == StatusCodes.Status416RangeNotSatisfiable);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed ({RequestId})")]
    private partial void LogFailed(Exception problem, string method, PathString path, string requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was cut off after its answer had begun")]
    private partial void LogCutOff(Exception problem, string method, PathString path);
}

/// <summary>Puts <see cref="ProblemMiddleware"/> into an application.</summary>
public static class ProblemApplication
{
    /// <summary>Call it before anything that may fail.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app.UseMiddleware<ProblemMiddleware>();
}
