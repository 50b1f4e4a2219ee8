using System.Text.Json.Nodes;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Models;
using FlexEdit.Storage.Reads;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>Bodies that have no type of their own in the code.</summary>
internal static class OtherSchemas
{
    /// <summary>A page of edits.</summary>
    public static JsonObject EditList(SchemaBook schemas) => schemas.Named("EditList", book => List(book.Of<JobView>(), "Edits, newest first."));

    /// <summary>A page of assets.</summary>
    public static JsonObject AssetList(SchemaBook schemas) => schemas.Named("AssetList", book => List(book.Of<AssetView>(), "Assets, newest first."));

    /// <summary>An upload as a form: the picture as a file.</summary>
    public static JsonObject UploadForm(SchemaBook schemas) => schemas.Named("UploadForm", static _ => Upload("{}", "A picture as a form."));

    /// <summary>An upload as JSON.</summary>
    public static JsonObject UploadJson(SchemaBook schemas) => schemas.Named("Upload", static _ => Upload("""{"type":"string","pattern":"^(data:|ast_|https:)"}""", "A picture as JSON."));

    private static JsonObject Upload(string picture, string description, string what = "The picture: JPEG, PNG or WebP.")
    {
        var file = JsonNode.Parse(picture)!.AsObject();
        file["description"] = what;
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["required"] = new JsonArray("file"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject { ["file"] = file },
        };
    }

    /// <summary>A page of batches.</summary>
    public static JsonObject BatchList(SchemaBook schemas) => schemas.Named("BatchList", book => List(book.Of<BatchView>(), "Batches, newest first."));

    /// <summary>JSON lines as a form's file.</summary>
    public static JsonObject BatchForm(SchemaBook schemas) => schemas.Named("BatchForm", static _ => Upload("{}", "JSON lines as a form.", "The edits, one a line."));

    /// <summary>A batch as one JSON object.</summary>
    public static JsonObject NewBatch(SchemaBook schemas) => schemas.Named("NewBatch", static book => new JsonObject
    {
        ["type"] = "object",
        ["description"] = "A batch as one JSON object.",
        ["required"] = new JsonArray("requests"),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["requests"] = new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = 1,
                ["description"] = "The edits, each as in `POST /v1/edits`, and with a `custom_id` (a text of 1 to 128 characters) if wanted.",
                ["items"] = JsonNode.Parse("""{"type":"object"}"""),
            },
        },
    });

    /// <summary>The models.</summary>
    public static JsonObject ModelList(SchemaBook schemas) => schemas.Named("ModelList", book => List(Model(book), "The models of this server."));

    /// <summary>A model's card and its state.</summary>
    public static JsonObject Model(SchemaBook schemas) => schemas.Named("Model", static book =>
    {
        var model = book.Whole(typeof(ModelCard));
        model["description"] = "A model: what it is, and what may be asked of it.";
        var properties = model["properties"]!.AsObject();
        properties["status"] = JsonNode.Parse("""{"type":"string","description":"`ready`, or `cold`: edits for it are accepted and wait."}""");
        properties["cold_start_seconds"] = JsonNode.Parse("""{"type":["number","null"],"description":"How long a cold model usually takes to be ready."}""");
        properties["created"] = JsonNode.Parse("""{"type":"integer","description":"Always 0: for clients of OpenAI's API."}""");
        properties["owned_by"] = JsonNode.Parse("""{"type":"string","description":"Always `flexedit`: for clients of OpenAI's API."}""");
        foreach (var name in new[] { "created", "owned_by" })
            model["required"]!.AsArray().Add(name);
        model["required"]!.AsArray().Add("status");
        model["required"]!.AsArray().Add("cold_start_seconds");
        return model;
    });

    /// <summary>What health checks answer.</summary>
    public static JsonObject Health(SchemaBook schemas) => schemas.Named("Health", static _ => JsonNode.Parse("""
        {
          "type": "object", "description": "Whether the server can work.", "required": ["status", "checks"],
          "properties": {
            "status": { "type": "string", "enum": ["ok", "degraded", "unavailable"], "description": "All in one word." },
            "checks": { "type": "object", "additionalProperties": { "type": "string" }, "description": "`ok`, or what is wrong, by part." }
          }
        }
        """)!.AsObject());

    /// <summary>A page of <paramref name="item"/>.</summary>
    public static JsonObject List(JsonObject item, string description) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["required"] = new JsonArray("object", "data", "has_more", "next"),
        ["properties"] = new JsonObject
        {
            ["object"] = JsonNode.Parse("""{"type":"string","const":"list","description":"Always `list`."}"""),
            ["data"] = new JsonObject { ["type"] = "array", ["items"] = item, ["description"] = "This page." },
            ["has_more"] = JsonNode.Parse("""{"type":"boolean","description":"Whether there is a next page."}"""),
            ["next"] = JsonNode.Parse("""{"type":["string","null"],"description":"What to send as `after` for the next page; null at the end."}"""),
        },
    };
}
