using FlexEdit.Contracts;
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
        new
        {
            Object = "limits",
            Picture = new
            {
                Formats = new[] { "image/jpeg", "image/png", "image/webp" },
                MaxBytes = gateway.Value.PictureBytes,
                MaxPixels = gateway.Value.PicturePixels,
                MaxSide = gateway.Value.PictureSide,
                DecodeSeconds = decode.Value.TimeLimit.TotalSeconds,
            },
            Instruction = new { MaxCodePoints = gateway.Value.InstructionLength },
            MaskShapes = new { MaxShapes = MarkLimits.Default.Marks, MaxPoints = MarkLimits.Default.Points, MaxBytes = gateway.Value.TextBytes },
            Metadata = new { MaxPairs = Metadata.MostPairs, MaxNameLength = Metadata.LongestName, MaxValueLength = Metadata.LongestValue },
            Results = new { MaxN = ReadOptions.MostResults },
            Request = new { MaxBytes = gateway.Value.BodyBytes, MaxWaitSeconds = gateway.Value.LongestWait.TotalSeconds },
        },
        ContractJson.Options);
}
