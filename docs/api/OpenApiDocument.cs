using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.ApiDocument.Operations;
using FlexEdit.ApiDocument.Schemas;

namespace FlexEdit.ApiDocument;

/// <summary>The whole public API as OpenAPI 3.1: operations as they are listed here, schemas from the types that the services serialise.</summary>
internal static class OpenApiDocument
{
    private static readonly JsonSerializerOptions s_written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, string Description)[] s_tags =
    [
        ("edits", "Submit an edit, follow it, cancel it, remove it."),
        ("pictures", "The pictures of an edit: results, masks, inputs, previews."),
        ("assets", "Pictures that are uploaded once and used in many edits, and masks before they are used."),
        ("batches", "Many edits from one body."),
        ("webhooks", "Endpoints that are told what happens to edits, and what was sent to them."),
        ("doors", "Calls of other APIs over the same edits, for clients that exist already."),
        ("usage", "What was used."),
        ("models", "What can be asked of this server."),
        ("operation", "Health of the server, for its operator."),
    ];

    /// <summary>Every operation that the gateway serves, storage's among them.</summary>
    public static IReadOnlyList<Operation> Operations { get; } =
        [.. EditOperations.All, .. PictureOperations.All, .. AssetOperations.All, .. BatchOperations.All, .. WebhookOperations.All, .. DoorOperations.All, .. ReplicateOperations.All, .. UsageOperations.All, .. ServerOperations.All];

    /// <summary>The document as it is committed: indented, with a line end behind it.</summary>
    public static string Text() => Build().ToJsonString(s_written).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Build()
    {
        var schemas = new SchemaBook();
        var paths = new JsonObject();
        foreach (var path in Operations.GroupBy(operation => operation.Path))
        {
            var item = new JsonObject();
            foreach (var operation in path)
                item[operation.Method.ToLowerInvariant()] = OperationNode.Of(operation, schemas);
            paths[path.Key] = item;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "FlexEdit",
                ["version"] = "1.0",
                ["summary"] = "Edit pictures with a rough mask and an instruction.",
                ["description"] =
                    "Draw a rough free-shape mask on a picture, say what is to happen there, and get the picture back with nothing else changed.\n\n"
                    + "Bodies are JSON in UTF-8 with snake_case names unless said otherwise; times are RFC 3339 in UTC; ids are opaque. "
                    + "Every error is a problem (RFC 9457) with a stable `code`. Clients must tolerate new fields and new statuses. "
                    + "`GET /v1/limits` states this server's limits.",
                ["license"] = new JsonObject { ["name"] = "Apache 2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The server that this document comes from." }),
            ["security"] = new JsonArray(
                new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["key"] = new JsonArray() }, new JsonObject()),
            ["tags"] = new JsonArray([.. s_tags.Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "A key, `fx_…`. A server on a loopback address runs without keys unless told otherwise.",
                    },
                    ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key", ["description"] = "The same key in a header of its own." },
                },
                ["headers"] = RateLimits.Components(),
                ["schemas"] = schemas.Components(),
            },
        };
    }
}
