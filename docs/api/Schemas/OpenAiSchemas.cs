using System.Text.Json.Nodes;
using FlexEdit.Gateway.Doors.OpenAi;
using FlexEdit.Gateway.Edits.SubmitEdit;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>Bodies of the door for OpenAI's clients.</summary>
internal static class OpenAiSchemas
{
    private const string Word = """{"type":"string"}""";
    private const string Reference =
        """{"type":"object","minProperties":1,"maxProperties":1,"additionalProperties":false,"properties":{"image_url":{"type":"string","description":"A `data:` URI in base64, or an `https:` URL."},"file_id":{"type":"string","description":"Id of an asset."} } }""";

    private static readonly (string Name, string Schema, string Description)[] s_own =
    [
        (OpenAiFields.Prompt, """{"type":"string","minLength":1}""", "What is to happen; may say `[pic1]` and `[pic2]`."),
        (OpenAiFields.Size, Word, "`auto`, or the first image's size such as `800x600`: results have it."),
        (OpenAiFields.Stream, """{"type":"boolean"}""", "Whether the answer is a stream of events."),
        (OpenAiFields.PartialImages, """{"type":"integer","minimum":0,"maximum":3}""", "Most pictures on the way that a stream shows, of the first result."),
        (OpenAiFields.ResponseFormat, """{"type":"string","enum":["b64_json","url"]}""", "`url`: where the result is, a link of the object store where it gives any, else a path of this server that needs the key."),
        (FieldNames.Background, """{"type":"string","enum":["auto","opaque"]}""", "Results keep the picture's own background."),
        (OpenAiFields.Quality, Word, "Accepted, without a meaning here."),
        (OpenAiFields.InputFidelity, Word, "Accepted, without a meaning here: what is not edited stays as it is."),
        (OpenAiFields.Moderation, Word, "Accepted, without a meaning here."),
        (OpenAiFields.OutputCompression, """{"type":"integer","minimum":0,"maximum":100}""", "Accepted, without a meaning here."),
        (OpenAiFields.User, Word, "Kept as `user` in the edit's metadata where no `metadata` are sent."),
    ];

    public static JsonObject Form(SchemaBook schemas) => schemas.Named("ImageEditForm", _ => Body(
        "OpenAI's image edit as a form.", ["image", OpenAiFields.Prompt],
        (OpenAiFields.Image, "{}", "The picture to edit; a second one, `image[]`, is the subject."), ($"{OpenAiFields.Image}[]", """{"type":"array","maxItems":2,"items":{} }""", "The same as a list."),
        (FieldNames.Mask, "{}", "Transparent pixels are to be edited, unless `mask_polarity` says otherwise.")));

    public static JsonObject Json(SchemaBook schemas) => schemas.Named("ImageEdit", _ => Body(
        "OpenAI's image edit as JSON.", [OpenAiFields.Images, OpenAiFields.Prompt],
        (OpenAiFields.Images, $$"""{"type":"array","minItems":1,"maxItems":2,"items":{{Reference}} }""", "The picture to edit, and perhaps the subject."),
        (FieldNames.Mask, Reference, "Transparent pixels are to be edited, unless `mask_polarity` says otherwise.")));

    public static JsonObject Images(SchemaBook schemas) => schemas.Named("ImagesResponse", static _ => JsonNode.Parse("""
        {
          "type": "object", "description": "Results as OpenAI's API gives them.", "required": ["created", "data", "background", "output_format", "size", "edit"],
          "properties": {
            "created": { "type": "integer", "description": "Now, in Unix seconds." },
            "data": { "type": "array", "description": "The results.", "items": { "type": "object", "properties": {
              "b64_json": { "type": "string", "contentEncoding": "base64", "description": "The picture." },
              "url": { "type": "string", "description": "Where the picture is." } } } },
            "background": { "type": "string", "const": "opaque", "description": "Always `opaque`." },
            "output_format": { "type": "string", "enum": ["png", "jpeg", "webp"], "description": "Format of the results." },
            "size": { "type": "string", "description": "Their size, for instance `800x600`." },
            "edit": { "type": "string", "description": "Id of the edit, for everything else that can be known of it." }
          }
        }
        """)!.AsObject());

    public static JsonObject Error(SchemaBook schemas) => schemas.Of<OpenAiErrorBody>();

    private static JsonObject Body(string description, string[] required, params (string Name, string Schema, string Description)[] pictures)
    {
        var properties = new JsonObject();
        foreach (var (name, text, what) in pictures.Concat(s_own).Concat(EditRequestSchema.Fields.Where(field => OpenAiFields.IsShared(field.Name))))
        {
            var schema = JsonNode.Parse(text)!.AsObject();
            schema["description"] = what;
            properties[name] = schema;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
    }
}
