using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Assets;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Links;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>Replicate's files: assets under another name, uploaded, listed and removed by the same rules.</summary>
internal sealed class FileRoutes(UploadRoom room, UploadAsset uploads, IAssetRegister assets, IOptions<GatewayOptions> options, IOptions<LinksOptions> links)
{
    /// <summary>The form's file.</summary>
    public const string Content = "content";

    private const int PageSize = 100;
    private const string Metadata = "metadata";
    private const string FileName = "filename";
    private const string Type = "type";

    /// <summary><c>POST /v1/files</c>: 201 with the file.</summary>
    /// <exception cref="ProblemException">What is wrong with it; 503 where it cannot be kept.</exception>
    public async Task CreateAsync(HttpContext context)
    {
        var (tenant, gone) = (context.GetTenant(), context.RequestAborted);
        ReadBody.CheckEncoding(context.Request);
        using var folder = room.Open();
        var fields = await ReadBody.RunAsync(context.Request, folder, options.Value, UseOf, gone);
        if (fields.Picture(Content) is not { File: { } file })
            throw new ProblemException(Problem.Malformed($"Send the picture as the form's file '{Content}'.", Content));
        var metadata = MetadataOf(fields);
        // Its bytes say what it is, and its id what it is called.
        _ = fields.Choice(FileName) ?? fields.Choice(Type);
        var kept = await uploads.KeepAsync(file, tenant, folder, gone);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = PredictionPaths.File(kept.Asset!.View.Id);
        await WriteAsync(context, Show(context, kept.Asset.View, metadata));
    }

    /// <summary><c>GET /v1/files</c>: a page, newest first.</summary>
    /// <exception cref="ProblemException">400: <c>cursor</c> is none.</exception>
    public async Task ListAsync(HttpContext context)
    {
        var cursor = (string?)context.Request.Query["cursor"];
        if (cursor is not null && !Ids.IsWellFormed(cursor, "ast_"))
            throw new ProblemException(Problem.Malformed("cursor is a part of the 'next' of an earlier page.", "cursor"));
        var page = await assets.ListAsync(context.GetTenant(), cursor, PageSize, context.RequestAborted);
        var next = page.HasMore ? links.Value.ServerOf(context.Request) + PredictionPaths.Files + context.Request.Query.WithCursor(page.Assets[^1].Id) : null;
        await WriteAsync(context, new { Previous = (string?)null, Next = next, Results = page.Assets.Select(asset => Show(context, asset)) });
    }

    /// <summary><c>GET /v1/files/{id}</c>.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such file.</exception>
    public async Task GetAsync(HttpContext context, string id) =>
        await WriteAsync(context, Show(context, (await assets.FindAsync(context.GetTenant(), id, context.RequestAborted))?.View ?? throw NoSuch()));

    /// <summary><c>DELETE /v1/files/{id}</c>: 204; edits that use the picture keep it.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such file.</exception>
    public async Task DeleteAsync(HttpContext context, string id)
    {
        if (!await assets.RemoveAsync(context.GetTenant(), id, context.RequestAborted))
            throw NoSuch();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private FileView Show(HttpContext context, AssetView asset, JsonObject? metadata = null) => new()
    {
        Id = asset.Id,
        Name = $"{asset.Id}.{asset.ContentType["image/".Length..]}",
        ContentType = asset.ContentType,
        Size = asset.Bytes,
        Etag = asset.Sha256,
        Checksums = new FileChecksums(asset.Sha256),
        Metadata = metadata ?? [],
        CreatedAt = asset.CreatedAt,
        ExpiresAt = asset.ExpiresAt,
        Urls = new FileUrls(links.Value.ServerOf(context.Request) + PredictionPaths.File(asset.Id)),
    };

    private static Task WriteAsync<T>(HttpContext context, T body)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return JsonSerializer.SerializeAsync(context.Response.Body, body, ContractJson.Options, context.RequestAborted);
    }

    private static JsonObject? MetadataOf(EditFields fields)
    {
        if (fields.Tree(Metadata) is not { } text)
            return null;
        try
        {
            return JsonNode.Parse(text, documentOptions: EditFields.StrictJson) as JsonObject ?? throw Wrong();
        }
        catch (JsonException)
        {
            throw Wrong();
        }

        static ProblemException Wrong() => new(Problem.Malformed($"{Metadata} must be a JSON object.", Metadata));
    }

    private static FieldUse UseOf(string name) => name switch
    {
        Content => new FieldUse(name, FieldShape.Picture),
        Metadata or FileName or Type => new FieldUse(name),
        _ => throw new ProblemException(Problem.Unprocessable(ErrorCodes.UnknownField, $"A file has {Content}, {Metadata}, {FileName} and {Type}, and nothing else.", name.Length <= 64 ? name : name[..64])),
    };

    private static ProblemException NoSuch() => new(Problem.NotFound("The requested resource could not be found."));
}
