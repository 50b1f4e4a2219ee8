namespace FlexEdit.Gateway.Hosting;

/// <summary>Headers that keep an answer from being taken for something else by a browser.</summary>
internal static class SecurityHeaders
{
    /// <summary>What answers allow that are no page: nothing.</summary>
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets them on every answer; a page may replace its own <c>Content-Security-Policy</c>, a picture for other pages its <c>Cross-Origin-Resource-Policy</c>.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpContext)state).Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            if (headers["Cross-Origin-Resource-Policy"].Count == 0)
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.XFrameOptions = "DENY";
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = Nothing;
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
