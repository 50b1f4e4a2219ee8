using FlexEdit.Contracts;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Reads;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>The public API of webhooks.</summary>
internal static class WebhookRoutes
{
    private const string KeysPath = "/.well-known/jwks.json";
    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);
    private static readonly string[] States = [DeliveryState.Pending, DeliveryState.Delivered, DeliveryState.Failed, DeliveryState.Skipped];

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(KeysPath, Keys);
        routes.MapGet("/v1/webhooks", ListAsync);
        routes.MapPost("/v1/webhooks", CreateAsync);
        routes.MapGet("/v1/webhooks/default/secret", SecretAsync);
        routes.MapGet("/v1/webhooks/{id}", GetAsync);
        routes.MapPatch("/v1/webhooks/{id}", ChangeAsync);
        routes.MapDelete("/v1/webhooks/{id}", DeleteAsync);
        routes.MapPost("/v1/webhooks/{id}/rotate", RotateAsync);
        routes.MapPost("/v1/webhooks/{id}/test", TestAsync);
        routes.MapGet("/v1/webhooks/{id}/deliveries", DeliveriesAsync);
        routes.MapPost("/v1/webhooks/{id}/replay", ReplayRangeAsync);
        routes.MapGet("/v1/deliveries/{id}", DeliveryAsync);
        routes.MapPost("/v1/deliveries/{id}/replay", ReplayAsync);
    }

    private static IResult Keys(HttpContext context, SigningKeys keys)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return Json(keys.Public);
    }

    private static async Task<IResult> ListAsync(HttpContext context, string? after, string? limit, WebhookRegister webhooks)
    {
        var (data, hasMore) = await webhooks.ListAsync(context.GetTenant(), Page.After(after, "whe_"), Page.Limit(limit), context.RequestAborted);
        return Page.Of(data, hasMore, webhook => webhook.Id);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, WebhookRegister webhooks, IOptions<WebhookOptions> options)
    {
        var fields = await WebhookFields.ReadAsync(context.Request, "url", "events");
        var url = fields.Url(options.Value.Rules) ?? throw new ProblemException(Problem.Unprocessable(ErrorCodes.WebhookInvalid, "url is missing.", "url"));
        var made = await webhooks.CreateAsync(context.GetTenant(), url, fields.Events(), context.RequestAborted);
        context.Response.Headers.Location = $"/v1/webhooks/{made.Id}";
        context.Response.Headers.CacheControl = "no-store";
        return Json(made, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, WebhookRegister webhooks) =>
        Json(await webhooks.GetAsync(context.GetTenant(), id, context.RequestAborted));

    private static async Task<IResult> ChangeAsync(HttpContext context, string id, WebhookRegister webhooks, IOptions<WebhookOptions> options)
    {
        var fields = await WebhookFields.ReadAsync(context.Request, "url", "events", "enabled");
        return Json(await webhooks.ChangeAsync(context.GetTenant(), id, fields.Url(options.Value.Rules), fields.Events(), fields.Truth("enabled"), context.RequestAborted));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, WebhookRegister webhooks)
    {
        await webhooks.RemoveAsync(context.GetTenant(), id, context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> SecretAsync(HttpContext context, WebhookSecrets secrets)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Secret(await secrets.DefaultAsync(context.GetTenant(), context.RequestAborted));
    }

    private static async Task<IResult> RotateAsync(HttpContext context, string id, WebhookSecrets secrets, WebhookRegister webhooks)
    {
        var tenant = context.GetTenant();
        var overlap = (await WebhookFields.ReadAsync(context.Request, "overlap_seconds")).Seconds("overlap_seconds", LongestOverlap);
        var webhook = id == WebhookSecretRow.Default ? null : await webhooks.GetAsync(tenant, id, context.RequestAborted);
        var secret = await secrets.RotateAsync(tenant, id, overlap, context.RequestAborted) ?? throw WebhookRegister.NoSuch(id);
        context.Response.Headers.CacheControl = "no-store";
        return webhook is null ? Secret(secret) : Json(webhook with { Secret = secret });
    }

    private static async Task<IResult> TestAsync(HttpContext context, string id, TestWebhook test, DeliveryReader deliveries)
    {
        await WebhookFields.ReadAsync(context.Request);
        return Json(await deliveries.GetAsync(context.GetTenant(), await test.RunAsync(context.GetTenant(), id, context.RequestAborted), context.RequestAborted));
    }

    private static async Task<IResult> DeliveriesAsync(HttpContext context, string id, string? state, string? after, string? limit, DeliveryReader deliveries)
    {
        if (state is not null && !States.Contains(state))
            throw new ProblemException(Problem.Malformed($"'state' is one of {string.Join(", ", States)}.", "state"));
        var (data, hasMore) = await deliveries.ListAsync(context.GetTenant(), id, state, Page.After(after, "dlv_"), Page.Limit(limit), context.RequestAborted);
        return Page.Of(data, hasMore, delivery => delivery.Id);
    }

    private static async Task<IResult> DeliveryAsync(HttpContext context, string id, DeliveryReader deliveries) =>
        Json(await deliveries.GetAsync(context.GetTenant(), id, context.RequestAborted));

    private static async Task<IResult> ReplayAsync(HttpContext context, string id, ReplayDeliveries replay, DeliveryReader deliveries)
    {
        await replay.OneAsync(context.GetTenant(), id, context.RequestAborted);
        return Json(await deliveries.GetAsync(context.GetTenant(), id, context.RequestAborted), StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ReplayRangeAsync(HttpContext context, string id, ReplayDeliveries replay)
    {
        var fields = await WebhookFields.ReadAsync(context.Request, "since", "until");
        var since = fields.Time("since") ?? throw new ProblemException(Problem.Malformed("'since' is missing: the time from which on events are sent again.", "since"));
        var count = await replay.RangeAsync(context.GetTenant(), id, since, fields.Time("until"), context.RequestAborted);
        return Json(new { Object = "replay", Webhook = id, Deliveries = count }, StatusCodes.Status202Accepted);
    }

    // Clients of Replicate's API read it as the key.
    private static IResult Secret(string secret) => Json(new { Object = "webhook_secret", Secret = secret, Key = secret });

    private static IResult Json(object body, int status = StatusCodes.Status200OK) => Results.Json(body, ContractJson.Options, statusCode: status);
}
