using FlexEdit.Contracts;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Gateway.Batches;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Masks.Shapes;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Limits;

/// <summary><c>GET /v1/limits</c>: what this server takes, in the numbers that it checks against.</summary>
internal static class LimitRoutes
{
    public static void MapLimits(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/limits", GetAsync);

    private static async Task<IResult> GetAsync(HttpContext context, ITenantQuota storage, IOptions<GatewayOptions> gateway, IOptions<DecodeOptions> decode)
    {
        var held = await storage.LimitsAsync(context.GetTenant(), context.RequestAborted);
        return Results.Json(
            new LimitsView(
                new PictureLimitsView(
                    ["image/jpeg", "image/png", "image/webp"], gateway.Value.PictureBytes, gateway.Value.PicturePixels, gateway.Value.PictureSide,
                    decode.Value.TimeLimit.TotalSeconds, gateway.Value.FetchTimeout.TotalSeconds),
                new InstructionLimitsView(gateway.Value.InstructionLength),
                new MaskShapesLimitsView(MarkLimits.Default.Marks, MarkLimits.Default.Points, gateway.Value.TextBytes),
                new MetadataLimitsView(Metadata.MostPairs, Metadata.LongestName, Metadata.LongestValue),
                new ResultLimitsView(ReadOptions.MostResults),
                new RequestLimitsView(gateway.Value.BodyBytes, gateway.Value.LongestWait.TotalSeconds),
                new BatchLimitsView(gateway.Value.BatchLines, gateway.Value.BodyBytes, BatchBody.LongestCustomId),
                new TenantLimitsView(Bound(held.Tenant.RequestsPerMinute), Bound(held.Tenant.EditsInFlight)),
                held.Edits, held.Retention, held.Webhooks),
            ContractJson.Options);
    }

    private static int? Bound(int limit) => limit == 0 ? null : limit;
}
