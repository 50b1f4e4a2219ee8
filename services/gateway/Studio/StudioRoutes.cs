using Microsoft.Net.Http.Headers;

namespace FlexEdit.Gateway.Studio;

/// <summary>Serves the page: <c>/</c> and the files beside it.</summary>
internal static class StudioRoutes
{
    private const string Index = "index.html";

    public static void MapStudio(this WebApplication app)
    {
        foreach (var file in app.Services.GetRequiredService<StudioFiles>().All)
            app.MapGet(file.Name == Index ? "/" : $"/{file.Name}", (HttpContext context) => Serve(context, file));
    }

    private static IResult Serve(HttpContext context, StudioFile file)
    {
        context.Response.Headers.ContentSecurityPolicy = StudioFiles.Policy;
        // Asked for again each time, answered 304 while it is the same.
        context.Response.Headers.CacheControl = "no-cache";
        return Results.File(file.Bytes, file.ContentType, entityTag: new EntityTagHeaderValue(file.ETag));
    }
}
