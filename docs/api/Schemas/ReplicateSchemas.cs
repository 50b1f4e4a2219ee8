using System.Text.Json.Nodes;
using FlexEdit.Gateway.Doors.Replicate;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Predictions;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>Bodies of the door for Replicate's clients.</summary>
internal static class ReplicateSchemas
{
    private const string Picture = """{"type":"string","description":"An `https:` URL, a `data:` URI in base64, the `urls.get` of a file, or its id."}""";

    public static JsonObject Prediction(SchemaBook schemas) => schemas.Of<PredictionView>();

    public static JsonObject PredictionPage(SchemaBook schemas) => schemas.Named("PredictionPage", book => Page(book.Of<PredictionView>()));

    public static JsonObject File(SchemaBook schemas) => schemas.Of<FileView>();

    public static JsonObject FilePage(SchemaBook schemas) => schemas.Named("FilePage", book => Page(book.Of<FileView>()));

    public static JsonObject NewPrediction(SchemaBook schemas) => schemas.Named("NewPrediction", static _ => Body(
        "A prediction to be made, of a version.",
        ("version", """{"type":"string","description":"A version's id, `owner/name`, `owner/name:version`, or a model's id."}""")));

    public static JsonObject NewPredictionOfModel(SchemaBook schemas) => schemas.Named("NewPredictionOfModel", static _ => Body("A prediction to be made, of the model in the path."));

    public static JsonObject NewFile(SchemaBook schemas) => schemas.Named("NewFile", static _ => Parse("""
        {
          "type": "object", "description": "A file as Replicate's clients send it.", "required": ["content"], "additionalProperties": false,
          "properties": {
            "content": { "description": "The picture: JPEG, PNG or WebP." },
            "metadata": { "type": "object", "description": "Returned in the answer; not kept." },
            "filename": { "type": "string", "description": "Accepted, without a meaning here." },
            "type": { "type": "string", "description": "Accepted, without a meaning here: the bytes say what it is." }
          }
        }
        """));

    public static JsonObject Model(SchemaBook schemas) => schemas.Named("ModelOfOwner", static book =>
    {
        var model = Parse("""
            {
              "type": "object", "description": "A model as Replicate's API shows it.", "required": ["url", "owner", "name", "description", "visibility", "run_count", "latest_version"],
              "properties": {
                "url": { "type": "string", "description": "Where its card is." },
                "owner": { "type": "string", "const": "flexedit", "description": "Always `flexedit`." },
                "name": { "type": "string", "description": "Id of the model." },
                "description": { "type": "string", "description": "What it is." },
                "visibility": { "type": "string", "const": "public", "description": "Always `public`." },
                "is_official": { "type": "boolean", "description": "Always true." },
                "github_url": { "type": "null", "description": "Always null." },
                "paper_url": { "type": "null", "description": "Always null." },
                "license_url": { "type": "null", "description": "Always null." },
                "run_count": { "type": "integer", "description": "Always 0." },
                "cover_image_url": { "type": "null", "description": "Always null." },
                "default_example": { "type": "null", "description": "Always null." }
              }
            }
            """);
        model["properties"]!["latest_version"] = Version(book);
        return model;
    });

    public static JsonObject Version(SchemaBook schemas) => schemas.Named("ModelVersion", static _ => Parse("""
        {
          "type": "object", "description": "A version of a model as Replicate's API shows it.", "required": ["id", "created_at", "cog_version", "openapi_schema"],
          "properties": {
            "id": { "type": "string", "description": "64 hexadecimal digits, others for another model." },
            "created_at": { "type": "string", "format": "date-time", "description": "Always the beginning of 1970: no card says when its model was made." },
            "cog_version": { "type": "string", "const": "none", "description": "Always `none`: it was not made with Cog." },
            "openapi_schema": { "type": "object", "description": "Describes what it takes (`Input`) and gives (`Output`)." }
          }
        }
        """));

    public static JsonObject VersionPage(SchemaBook schemas) => schemas.Named("ModelVersionPage", book => Page(Version(book)));

    public static JsonObject Account(SchemaBook schemas) => schemas.Named("Account", static _ => Parse("""
        {
          "type": "object", "description": "A tenant as Replicate's API shows accounts.", "required": ["type", "username", "name", "github_url"],
          "properties": {
            "type": { "type": "string", "const": "organization", "description": "Always `organization`." },
            "username": { "type": "string", "description": "The tenant." },
            "name": { "type": "string", "description": "The tenant." },
            "github_url": { "type": "null", "description": "Always null." }
          }
        }
        """));

    private static JsonObject Page(JsonObject item) => new()
    {
        ["type"] = "object",
        ["description"] = "A page of a list.",
        ["required"] = new JsonArray("previous", "next", "results"),
        ["properties"] = new JsonObject
        {
            ["previous"] = Parse("""{"type":"null","description":"Always null: pages are read in one direction."}"""),
            ["next"] = Parse("""{"type":["string","null"],"description":"Address of the next page; null at the end."}"""),
            ["results"] = new JsonObject { ["type"] = "array", ["items"] = item, ["description"] = "This page." },
        },
    };

    private static JsonObject Body(string description, params (string Name, string Schema)[] more)
    {
        var inputs = new JsonObject
        {
            [ReplicateFields.Image] = Described(Picture, "The picture to edit."),
            [FieldNames.Mask] = Described(Picture, "A rough mask of its size. Without one the whole picture is edited."),
            [FieldNames.Subject] = Described(Picture, "A picture of what is to be put there."),
            [ReplicateFields.Prompt] = Parse("""{"type":"string","minLength":1,"description":"What is to happen; may say `[pic1]` and `[pic2]`."}"""),
        };
        foreach (var (name, schema, what) in EditRequestSchema.Fields)
        {
            if (ReplicateFields.UseOf($"{ReplicateFields.Input}.{name}") is not null && !inputs.ContainsKey(name))
                inputs[name] = Described(schema, what);
        }
        foreach (var (name, same) in new[] { (ReplicateFields.Outputs, FieldNames.N), (ReplicateFields.InferenceSteps, FieldNames.Steps) })
        {
            inputs[name] = inputs[same]!.DeepClone();
            inputs[name]!["description"] = $"The same as `{same}`, as most models of Replicate's call it.";
        }
        var properties = new JsonObject
        {
            [ReplicateFields.Input] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "The model's inputs.",
                ["required"] = new JsonArray(ReplicateFields.Image, ReplicateFields.Prompt),
                ["additionalProperties"] = false,
                ["properties"] = inputs,
            },
            [ReplicateFields.Webhook] = Parse("""{"type":"string","format":"uri","description":"A URL that is told about the prediction; the body is the prediction."}"""),
            [ReplicateFields.WebhookEventsFilter] = Parse("""{"type":"array","items":{"type":"string","enum":["start","output","logs","completed"]},"description":"What it is told; of `logs` nothing is sent."}"""),
            [ReplicateFields.WebhookCompleted] = Parse("""{"type":"string","format":"uri","description":"In the place of `webhook`: a URL that is told of the end alone."}"""),
            [ReplicateFields.Stream] = Parse("""{"type":"boolean","description":"Accepted, without a meaning: every prediction can be streamed."}"""),
        };
        foreach (var (name, schema) in more)
            properties[name] = Parse(schema);
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["required"] = new JsonArray([ReplicateFields.Input, .. more.Select(field => (JsonNode)field.Name)]),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }

    private static JsonObject Described(string schema, string description)
    {
        var node = Parse(schema);
        node["description"] = description;
        return node;
    }

    private static JsonObject Parse(string schema) => JsonNode.Parse(schema)!.AsObject();
}
