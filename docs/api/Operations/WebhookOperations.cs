using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Errors;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Endpoints;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Endpoints of webhooks and their delivery log.</summary>
internal static class WebhookOperations
{
    private static readonly Parameter s_id = new("id", "path", "Id of the endpoint.", """{"type":"string"}""", "whe_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Parameter s_delivery = new("id", "path", "Id of the delivery.", """{"type":"string"}""", "dlv_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Parameter s_limit = new("limit", "query", "Most entries of a page.", """{"type":"integer","minimum":1,"maximum":100,"default":20}""", 20);
    private static readonly Content s_webhook = new("application/json", schemas => schemas.Of<WebhookView>());
    private static readonly Content s_secret = new("application/json", WebhookSchemas.Secret);
    private static readonly Content s_one = new("application/json", schemas => schemas.Of<DeliveryView>());
    private static readonly (int, string) s_missing = (404, ErrorCodes.NotFound);
    private static readonly (int, string)[] s_body = [(413, ErrorCodes.PayloadTooLarge), (422, ErrorCodes.UnknownField)];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/v1/webhooks", "listWebhooks", "webhooks", "List endpoints")
        {
            Description = "Newest first, in pages. Secrets are not shown.",
            Parameters = [After("whe"), s_limit],
            Answers = [new(200, "A page.") { Body = [new("application/json", WebhookSchemas.List)] }],
        },
        new("POST", "/v1/webhooks", "createWebhook", "webhooks", "Make an endpoint")
        {
            Description = "What happens to edits is posted there from now on, signed as Standard Webhooks says. The answer is the only place where the secret stands.",
            Body = [new("application/json", WebhookSchemas.New, """{ "url": "https://example.org/hooks/flexedit", "events": ["edit.succeeded", "edit.failed"] }""")],
            Answers = [new(201, "The endpoint with its secret.") { Body = [s_webhook], Headers = [("Location", "Path of the endpoint.")] }],
            Errors = [.. s_body, (422, ErrorCodes.WebhookInvalid)],
        },
        new("GET", "/.well-known/jwks.json", "getSigningKeys", "webhooks", "Read the public signing keys")
        {
            Description = "A JSON Web Key Set with the Ed25519 keys of the `v1a` signatures; empty where the operator has set none.",
            NeedsKey = false,
            Answers = [new(200, "The keys.") { Body = [new("application/json", schemas => schemas.Of<KeySet>())], Headers = [("Cache-Control", "How long the keys may be kept.")] }],
        },
        new("GET", "/v1/webhooks/default/secret", "getDefaultSecret", "webhooks", "Read the default secret")
        {
            Description = "What calls of an edit's own `webhook` URL are signed with.",
            Answers = [new(200, "The secret.") { Body = [s_secret] }],
        },
        new("GET", "/v1/webhooks/{id}", "getWebhook", "webhooks", "Read an endpoint")
        {
            Description = "Whether it is enabled, and since when it fails.",
            Parameters = [s_id],
            Answers = [new(200, "The endpoint.") { Body = [s_webhook] }],
            Errors = [s_missing],
        },
        new("PATCH", "/v1/webhooks/{id}", "changeWebhook", "webhooks", "Change an endpoint")
        {
            Description = "Its URL, its filter, or whether it is enabled. What happened while it was disabled is skipped until it is replayed.",
            Parameters = [s_id],
            Body = [new("application/json", WebhookSchemas.Change, """{ "enabled": true }""")],
            Answers = [new(200, "The endpoint.") { Body = [s_webhook] }],
            Errors = [s_missing, .. s_body, (422, ErrorCodes.WebhookInvalid)],
        },
        new("DELETE", "/v1/webhooks/{id}", "deleteWebhook", "webhooks", "Remove an endpoint")
        {
            Description = "Nothing more is sent to it.",
            Parameters = [s_id],
            Answers = [new(204, "It is removed.")],
            Errors = [s_missing],
        },
        new("POST", "/v1/webhooks/{id}/rotate", "rotateWebhookSecret", "webhooks", "Rotate a secret")
        {
            Description = "Makes a new secret; the old one signs beside it for a while. The id `default` rotates the secret of edits' own URLs.",
            Parameters = [s_id],
            Body = [new("application/json", WebhookSchemas.Rotate, """{ "overlap_seconds": 86400 }""")],
            BodyIsOptional = true,
            Answers = [new(200, "The endpoint with its new secret; for `default` the secret alone.") { Body = [new("application/json", WebhookSchemas.Rotated)] }],
            Errors = [s_missing, .. s_body],
        },
        new("POST", "/v1/webhooks/{id}/test", "testWebhook", "webhooks", "Send a test")
        {
            Description = "Sends a `webhook.test` message now and answers with what came of it.",
            Parameters = [s_id],
            Answers = [new(200, "The delivery.") { Body = [s_one] }],
            Errors = [s_missing, .. s_body],
        },
        new("GET", "/v1/webhooks/{id}/deliveries", "listDeliveries", "webhooks", "List an endpoint's deliveries")
        {
            Description = "Newest first, in pages, with every attempt. The id `default` lists those to edits' own URLs.",
            Parameters = [s_id, new("state", "query", "Only these: `pending`, `delivered`, `failed` or `skipped`.", """{"type":"string"}""", "failed"), After("dlv"), s_limit],
            Answers = [new(200, "A page.") { Body = [new("application/json", WebhookSchemas.Deliveries)] }],
            Errors = [s_missing],
        },
        new("POST", "/v1/webhooks/{id}/replay", "replayWebhook", "webhooks", "Send a time range again")
        {
            Description = "Everything that happened in the range is sent again, under the same message ids.",
            Parameters = [s_id],
            Body = [new("application/json", WebhookSchemas.Range, """{ "since": "2026-11-26T00:00:00Z", "until": "2026-11-26T12:00:00Z" }""")],
            Answers = [new(202, "How many will be sent.") { Body = [new("application/json", WebhookSchemas.Replay)] }],
            Errors = [s_missing, (409, ErrorCodes.Conflict), .. s_body],
        },
        new("GET", "/v1/deliveries/{id}", "getDelivery", "webhooks", "Read a delivery")
        {
            Description = "Its state and every attempt.",
            Parameters = [s_delivery],
            Answers = [new(200, "The delivery.") { Body = [s_one] }],
            Errors = [s_missing],
        },
        new("POST", "/v1/deliveries/{id}/replay", "replayDelivery", "webhooks", "Send a delivery again")
        {
            Description = "Under the same message id, with the whole schedule before it.",
            Parameters = [s_delivery],
            Answers = [new(202, "The delivery, which is due now.") { Body = [s_one] }],
            Errors = [s_missing, (409, ErrorCodes.Conflict)],
        },
    ];

    private static Parameter After(string prefix) => new("after", "query", "The `next` of an earlier page.", """{"type":"string"}""", $"{prefix}_06b3x4f0yz8n7k2m5q9r1s3t5v");
}
