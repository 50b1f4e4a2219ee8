using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Hosting;

/// <summary>Lets pages of other origins use the API, where the operator names them; off otherwise.</summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    // What a page may read beside the headers that every page may.
    private static readonly string[] Shown =
    [
        "Location", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id", "Preference-Applied", "Idempotency-Replayed", "WWW-Authenticate",
        "Accept-Ranges", "Content-Range", "Content-Disposition",
    ];

    /// <summary>Call it before anything that asks who it is: a browser's question beforehand carries no key.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value.CorsOrigins;
        if (origins.Count == 0)
            return;
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal), api => api.UseCors(policy => policy
            .WithOrigins([.. origins]).AllowAnyHeader().WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").WithExposedHeaders(Shown).SetPreflightMaxAge(Remembered)));
    }
}
