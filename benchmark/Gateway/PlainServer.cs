using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace FlexEdit.Benchmark.Gateway;

/// <summary>What a submission and a read cost at least: a form's file goes to the disk, a text of the same length comes back.</summary>
internal static class PlainServer
{
    public static WebApplication Build(int port, string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        Directory.CreateDirectory(folder);
        app.MapGet("/healthz/ready", static () => Results.Ok());
        app.MapGet("/v1/edits/{id}", static () => Results.Content(Stub.Job, "application/json"));
        app.MapPost("/v1/edits", async (HttpContext context) =>
        {
            var reader = new MultipartReader(context.Request.ContentType!.Split("boundary=")[1].Trim('"'), context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (section.AsFileSection() is not { } file)
                    continue;
                await using var target = new FileStream(Path.Combine(folder, Guid.CreateVersion7().ToString("n")), FileMode.CreateNew, FileAccess.Write);
                await file.FileStream!.CopyToAsync(target, context.RequestAborted);
                // A promise is kept over a crash there, and so here.
                target.Flush(flushToDisk: true);
            }
            return Results.Text(Stub.Job, "application/json", statusCode: 202);
        }).DisableAntiforgery();
        return app;
    }
}
