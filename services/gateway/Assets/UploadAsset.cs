using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Assets;

/// <summary>
/// <c>POST /v1/assets</c>: a picture as a form's <c>file</c>, as JSON, or as the body itself. It is checked and decoded as the pictures of edits are,
/// and kept in storage's register. The same bytes again are the same asset.
/// </summary>
internal sealed class UploadAsset(UploadRoom room, FindPictures named, PictureIntake intake, IAssetRegister assets, IOptions<GatewayOptions> options)
{
    /// <summary>The form's only field.</summary>
    public const string File = "file";

    /// <summary>Handles one request: 201 with the asset, or 200 where there was one with these bytes.</summary>
    /// <exception cref="ProblemException">What is wrong with the picture; 503 where it cannot be kept.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        var (tenant, gone) = (context.GetTenant(), context.RequestAborted);
        ReadBody.CheckEncoding(context.Request);
        using var folder = room.Open();
        var fields = await ReadAsync(context.Request, folder, gone);
        await named.RunAsync(fields, tenant, folder, gone);
        if (fields.Picture(File) is not { File: { } file })
            throw new ProblemException(Problem.Malformed("Send the picture as the form's file 'file', or as the body.", File));

        var kept = await KeepAsync(file, tenant, folder, gone);
        context.Response.StatusCode = kept.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        context.Response.Headers.Location = $"/v1/assets/{kept.Asset!.View.Id}";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(JsonSerializer.Serialize(kept.Asset.View, ContractJson.Options), gone);
    }

    /// <summary>Decodes, stores and keeps a picture for a tenant.</summary>
    /// <exception cref="ProblemException">What is wrong with the picture; 503 where it cannot be kept.</exception>
    public async Task<KeepAnswer> KeepAsync(Upload file, string tenant, UploadFolder folder, CancellationToken cancellationToken)
    {
        var decoded = await intake.DecodeAsync(intake.Request(DecodeRequest.Picture, File, file.Path, folder), file, asset: null, cancellationToken);
        var picture = await intake.StoreAsync(decoded, tenant, cancellationToken);
        var answer = await assets.KeepAsync(
            new KeepAsset { Id = picture.Asset, Tenant = tenant, Sha256 = picture.Sha256, Key = picture.OriginalKey!, UprightKey = picture.UprightKey, File = picture.File! },
            cancellationToken);
        return answer.Refused is { } refused
            ? throw new ProblemException(Problem.Unavailable(refused.Detail, Refusals.ComeBack))
            : answer;
    }

    private async Task<EditFields> ReadAsync(HttpRequest request, UploadFolder folder, CancellationToken cancellationToken)
    {
        var type = request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && !type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
            return await ReadBody.RunAsync(request, folder, options.Value, UseOf, cancellationToken);
        // What it is, its bytes say; the type only says that the body is the picture.
        var fields = new EditFields();
        fields.Add(File, await UploadWriter.CopyAsync(request.Body, folder.NewPath(), options.Value.PictureBytes, File, cancellationToken));
        return fields;
    }

    private static FieldUse UseOf(string name) => name == File ? new FieldUse(name, FieldShape.Picture)
        : throw new ProblemException(Problem.Unprocessable(ErrorCodes.UnknownField, "An upload has one field, 'file'.", name.Length <= 64 ? name : name[..64]));
}
