using System.Text.Encodings.Web;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Masks;

/// <summary><c>POST /v1/masks:inspect</c>: what an edit would take a mask for. Makes no job and stores nothing.</summary>
internal sealed class InspectMask(UploadRoom room, FindPictures named, PictureIntake intake, DecodePool decoders, IOptions<GatewayOptions> options)
{
    // Half a megabyte of base 64, whose plus signs need no escaping.
    private static readonly JsonSerializerOptions s_plain = new(ContractJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Handles one request: 200 with the inspection, also of a mask that marks nothing.</summary>
    /// <exception cref="ProblemException">What is wrong with scene or mask.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        var (tenant, gone) = (context.GetTenant(), context.RequestAborted);
        ReadBody.CheckEncoding(context.Request);
        using var folder = room.Open();
        var fields = await ReadBody.RunAsync(context.Request, folder, options.Value, FieldNames.UseOfInspection, gone);
        EditPictures.CheckPresence(fields);
        var polarity = ReadOptions.Chosen(fields, FieldNames.MaskPolarity, MaskPolarity.All);
        await named.RunAsync(fields, tenant, folder, gone, files: true);

        // Both in one piece of work: only a child opens pictures, and one way there and back is enough.
        var request = intake.Request(DecodeRequest.Inspect, FieldNames.Scene, fields.Picture(FieldNames.Scene)!.File!.Path, folder) with
        {
            MaskOfScene = await EditPictures.MaskRequestAsync(intake, fields, folder, gone) with { Polarity = polarity },
        };
        var answer = await decoders.RunAsync(request, gone);

        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, View(answer, polarity, await File.ReadAllBytesAsync(request.Target, gone)), s_plain, gone);
    }

    private static MaskInspectionView View(DecodeAnswer answer, string asked, byte[] overlay)
    {
        var mask = answer.Inspection ?? throw new InvalidOperationException("The decoder found nothing out.");
        var pixels = (long)answer.Width * answer.Height;
        return new MaskInspectionView
        {
            Width = answer.Width,
            Height = answer.Height,
            Coverage = Math.Round((double)mask.Marked / pixels, 6),
            Polarity = mask.Polarity is null ? null : new PolarityView(mask.Polarity, asked),
            Components = mask.Components,
            Box = mask.Box,
            Orientation = mask.Orientation,
            Overlay = $"data:image/png;base64,{Convert.ToBase64String(overlay)}",
            Warnings = MaskWarnings.Of(mask, pixels),
        };
    }
}
