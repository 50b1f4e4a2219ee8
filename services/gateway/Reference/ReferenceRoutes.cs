using FlexEdit.Gateway.Studio;
using Microsoft.Net.Http.Headers;

namespace FlexEdit.Gateway.Reference;

/// <summary>
/// <c>/openapi/v1.json</c>, the public API as a document (<c>docs/openapi.json</c>, made from the code by <c>docs/api</c>), and <c>/docs</c>, a page that
/// shows it. All files are in the program: the page asks no other server for anything.
/// </summary>
internal static class ReferenceRoutes
{
    private const string Prefix = "reference/";
    private const string Document = "openapi.json";
    private const string Index = "index.html";

    /// <summary>The page's library writes styles into its elements; everything else comes from here.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps the document and the page with its files.</summary>
    public static void MapReference(this IEndpointRouteBuilder routes)
    {
        foreach (var resource in typeof(ReferenceRoutes).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var file = StudioFile.Read(resource, resource[Prefix.Length..]);
            var path = file.Name switch { Document => "/openapi/v1.json", Index => "/docs", _ => $"/docs/{file.Name}" };
            routes.MapGet(path, (HttpContext context) => Serve(context, file));
        }
    }

    private static IResult Serve(HttpContext context, StudioFile file)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.CacheControl = "no-cache";
        return Results.File(file.Bytes, file.ContentType, entityTag: new EntityTagHeaderValue(file.ETag));
    }
}
