using FlexEdit.Contracts;
using FlexEdit.Gateway.Batches;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Masks.Shapes;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Limits;

/// <summary><c>GET /v1/limits</c>: what this server takes, in the numbers that it checks against.</summary>
internal static class LimitRoutes
{
    public static void MapLimits(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/limits", Get);

    private static IResult Get(IOptions<GatewayOptions> gateway, IOptions<DecodeOptions> decode) => Results.Json(
        new LimitsView(
            new PictureLimitsView(
                ["image/jpeg", "image/png", "image/webp"], gateway.Value.PictureBytes, gateway.Value.PicturePixels, gateway.Value.PictureSide,
                decode.Value.TimeLimit.TotalSeconds),
            new InstructionLimitsView(gateway.Value.InstructionLength),
            new MaskShapesLimitsView(MarkLimits.Default.Marks, MarkLimits.Default.Points, gateway.Value.TextBytes),
            new MetadataLimitsView(Metadata.MostPairs, Metadata.LongestName, Metadata.LongestValue),
            new ResultLimitsView(ReadOptions.MostResults),
            new RequestLimitsView(gateway.Value.BodyBytes, gateway.Value.LongestWait.TotalSeconds),
            new BatchLimitsView(gateway.Value.BatchLines, gateway.Value.BodyBytes, BatchBody.LongestCustomId)),
        ContractJson.Options);
}
