using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using FlexEdit.Storage.Ledger;
using Microsoft.Net.Http.Headers;
using static FlexEdit.Storage.Ledger.LedgerJson;

namespace FlexEdit.Storage.Reads;

/// <summary>The pictures of an edit: results, masks, inputs, the newest preview. Ranges and validators as of RFC 9110.</summary>
internal static class PictureRoutes
{
    public static void MapPictures(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/edits/{id}/outputs/{index}", async (HttpContext context, string id, string index, EditReader reader, IObjectStore objects) =>
        {
            var output = OutputOf(await EditAsync(context, reader, id), index);
            return await ServeAsync(context, objects, output.Key, output.Sha256, $"{id}-{output.Index}{Path.GetExtension(output.Key)}");
        });
        routes.MapGet("/v1/edits/{id}/outputs/{index}/edited-mask", async (HttpContext context, string id, string index, EditReader reader, IObjectStore objects) =>
        {
            var output = OutputOf(await EditAsync(context, reader, id), index);
            return await ServeAsync(context, objects, output.Preservation.EditedMaskKey, tag: null, $"{id}-{output.Index}-edited-mask.png");
        });
        routes.MapGet("/v1/edits/{id}/full-mask", async (HttpContext context, string id, EditReader reader, IObjectStore objects) =>
        {
            var edit = await EditAsync(context, reader, id);
            var key = edit.UnderstandingJson is null ? null : Read<UnderstandingResult>(edit.UnderstandingJson).FullMaskKey;
            return await ServeAsync(context, objects, key ?? throw Missing("The edit has no full mask (yet)."), tag: null, $"{id}-full-mask.png");
        });
        routes.MapGet("/v1/edits/{id}/preview", async (HttpContext context, string id, EditReader reader, ProgressBoard progress, IObjectStore objects) =>
        {
            var edit = await EditAsync(context, reader, id);
            // Each preview passed, but not what they became.
            var isRejected = edit.ErrorJson is not null && Read<EditError>(edit.ErrorJson).Code == ErrorCodes.OutputRejected;
            var key = (isRejected ? null : progress.Of(edit.Id)?.PreviewKey) ?? throw Missing("The edit has no preview at present.");
            return await ServeAsync(context, objects, key, tag: null, $"{id}-preview.jpg");
        });
        routes.MapGet("/v1/edits/{id}/inputs/{name}", async (HttpContext context, string id, string name, EditReader reader, IObjectStore objects) =>
        {
            var inputs = Read<EditInputs>((await EditAsync(context, reader, id)).InputsJson);
            var picture = name switch
            {
                "scene" => inputs.Scene,
                "mask" => inputs.Mask,
                "subject" => inputs.Subject,
                _ => null,
            };
            // Never the upload itself: what a browser gets was encoded by this system.
            return await ServeAsync(context, objects, picture?.UprightKey ?? throw Missing($"The edit has no input '{(name.Length <= 32 ? name : name[..32])}'."), tag: null, $"{id}-{name}.png");
        });
    }

    private static Task<EditRow> EditAsync(HttpContext context, EditReader reader, string id) =>
        reader.GetAsync(context.GetTenant(), id, context.RequestAborted);

    private static EditOutput OutputOf(EditRow edit, string index)
    {
        var outputs = edit.OutputsJson is null ? [] : Read<List<EditOutput>>(edit.OutputsJson);
        return outputs.Find(output => output.Index.ToString() == index) ?? throw Missing(
            EditStatus.IsTerminal(edit.Status) ? $"The edit is {edit.Status} and has {outputs.Count} output(s)." : $"The edit is {edit.Status}; its outputs come later.");
    }

    private static async Task<IResult> ServeAsync(HttpContext context, IObjectStore objects, string key, string? tag, string fileName)
    {
        if (context.Request.Query["redirect"] == "true" && await objects.LinkAsync(key, context.RequestAborted) is { } link)
        {
            if (!await objects.ExistsAsync(key, context.RequestAborted))
                throw Missing("The picture is no longer stored.");
            context.Response.Headers.CacheControl = "private, no-store";
            return Results.Redirect(link.AbsoluteUri);
        }
        var found = await objects.OpenAsync(key, context.RequestAborted) ?? throw Missing("The picture is no longer stored.");
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentDisposition = $"inline; filename=\"{fileName}\"";
        // Objects never change, so a key is as good a validator as a digest; its hash keeps the key to ourselves.
        var validator = tag ?? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)).AsSpan(0, 12));
        return Results.Stream(found.Content, found.ContentType, entityTag: new EntityTagHeaderValue($"\"{validator}\""), enableRangeProcessing: true);
    }

    private static ProblemException Missing(string detail) => new(Problem.NotFound(detail));
}
