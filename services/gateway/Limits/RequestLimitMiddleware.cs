using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;

namespace FlexEdit.Gateway.Limits;

/// <summary>Counts every request to the API whose tenant is known, refuses those beyond the limit, and says on every answer how many there are.</summary>
internal sealed class RequestLimitMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }
        var verdict = await context.RequestServices.GetRequiredService<RequestLimiter>().TakeAsync(context.GetTenant(), context.RequestAborted);
        TimeSpan? editsAfter = null;
        // When the answer begins: a problem has no headers of what came before it.
        context.Response.OnStarting(() =>
        {
            RateLimitHeaders.Set(context.Response.Headers, verdict, editsAfter);
            return Task.CompletedTask;
        });
        if (!verdict.Passes)
            throw new ProblemException(TooMany(verdict));
        try
        {
            await next(context);
        }
        catch (ProblemException refused) when (refused.Problem is { Code: ErrorCodes.TooManyEdits, RetryAfter: { } wait })
        {
            editsAfter = wait;
            throw;
        }
    }

    private static Problem TooMany(RequestVerdict verdict) => new()
    {
        Status = StatusCodes.Status429TooManyRequests,
        Code = ErrorCodes.TooManyRequests,
        Detail = $"More than {verdict.Limits?.RequestsPerMinute} requests a minute; wait as long as Retry-After says.",
        RetryAfter = verdict.ResetAfter,
    };
}
