using System.Text.Json.Nodes;
using FlexEdit.Storage.Webhooks.Endpoints;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>Bodies about webhooks that have no type of their own in the code.</summary>
internal static class WebhookSchemas
{
    private const string Url = """{"type":"string","format":"uri","description":"Where to post: https, unless the operator allows more."}""";
    private const string Events = """{"type":"array","items":{"type":"string"},"description":"Only these events; everything where it is missing."}""";

    public static JsonObject New(SchemaBook schemas) => schemas.Named("NewWebhook", _ => Body("A new endpoint.", ["url"], ("url", Url), ("events", Events)));

    public static JsonObject Change(SchemaBook schemas) => schemas.Named("WebhookChange", _ => Body(
        "What is to be other than it is.", [], ("url", Url), ("events", Events), ("enabled", """{"type":"boolean","description":"Whether anything is sent."}""")));

    public static JsonObject Rotate(SchemaBook schemas) => schemas.Named("SecretRotation", _ => Body(
        "How the old secret ends.", [], ("overlap_seconds", """{"type":"integer","minimum":0,"maximum":2592000,"description":"How long both secrets sign."}""")));

    public static JsonObject Range(SchemaBook schemas) => schemas.Named("ReplayRange", _ => Body(
        "A time range, both ends included.", ["since"],
        ("since", """{"type":"string","format":"date-time","description":"From when on."}"""), ("until", """{"type":"string","format":"date-time","description":"Until when; now where it is missing."}""")));

    public static JsonObject Replay(SchemaBook schemas) => schemas.Named("Replay", _ => Answer(
        "What a replay will send.",
        ("object", """{"type":"string","const":"replay","description":"Always `replay`."}"""), ("webhook", """{"type":"string","description":"The endpoint."}"""),
        ("deliveries", """{"type":"integer","description":"How many deliveries are due again."}""")));

    public static JsonObject Secret(SchemaBook schemas) => schemas.Named("WebhookSecret", _ => Answer(
        "A secret of Standard Webhooks.",
        ("object", """{"type":"string","const":"webhook_secret","description":"Always `webhook_secret`."}"""), ("secret", """{"type":"string","description":"`whsec_…`"}"""),
        ("key", """{"type":"string","description":"The same as `secret`, as Replicate's clients read it."}""")));

    public static JsonObject Rotated(SchemaBook schemas) => new() { ["anyOf"] = new JsonArray(schemas.Of<WebhookView>(), Secret(schemas)) };

    public static JsonObject List(SchemaBook schemas) => schemas.Named("WebhookList", book => OtherSchemas.List(book.Of<WebhookView>(), "Endpoints, newest first."));

    public static JsonObject Deliveries(SchemaBook schemas) => schemas.Named("DeliveryList", book => OtherSchemas.List(book.Of<DeliveryView>(), "Deliveries, newest first."));

    private static JsonObject Body(string description, string[] required, params (string Name, string Schema)[] fields)
    {
        var body = Answer(description, fields);
        body["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        body["additionalProperties"] = false;
        return body;
    }

    private static JsonObject Answer(string description, params (string Name, string Schema)[] fields)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in fields)
            properties[name] = JsonNode.Parse(schema);
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["required"] = new JsonArray([.. fields.Select(field => (JsonNode)field.Name)]),
            ["properties"] = properties,
        };
    }
}
