using System.Text.Json.Nodes;
using FlexEdit.Contracts.Edits;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Edits.ApproveEdit;
using FlexEdit.Gateway.Edits.SubmitEdit;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>The fields of a new edit, as a form and as JSON.</summary>
internal static class EditRequestSchema
{
    private static readonly string[] s_required = [FieldNames.Scene, FieldNames.Instruction];
    private const string Picture = """{"type":"string","contentEncoding":"base64"}""";

    /// <summary>Name, JSON schema and meaning of every field.</summary>
    public static IReadOnlyList<(string Name, string Schema, string Description)> Fields { get; } =
    [
        (FieldNames.Scene, Picture, "x1, the picture to edit: JPEG, PNG or WebP."),
        (FieldNames.Mask, Picture, "The free-shape mask m, of the scene's size or at least its shape. Either this or `mask_shapes`."),
        (FieldNames.MaskPolarity, $$"""{"type":"string","enum":[{{string.Join(',', MaskPolarity.All.Select(one => $"\"{one}\""))}}]}""",
            "Which pixels of the mask are to be edited. `auto`: `transparent_edits` where its alpha channel is not constant, else `white_edits`."),
        (FieldNames.MaskShapes, """{"type":"array","items":{"type":"object"}}""",
            "Instead of `mask`: marks applied in order, each with `op` (`add`, `subtract`) and `type`: `circle` {cx, cy, r}, `rectangle` {x, y, width, height}, "
            + "`triangle` and `polygon` {points}, `stroke` {points: [[x, y, radius?]…], radius}, `rle` {size, counts}; any may have `rotation` and `hollow`. Pixels of the upright scene."),
        (FieldNames.Subject, Picture, "x2: its presence makes this a multiple-image edit."),
        (FieldNames.Instruction, """{"type":"string","minLength":1}""", "What is to happen at the mask; may say `[pic1]` and `[pic2]`. At most 2000 code points."),
        (FieldNames.Model, """{"type":"string"}""", "Id of a model; the server's default where it is missing."),
        (FieldNames.N, $$"""{"type":"integer","minimum":1,"maximum":{{ReadOptions.MostResults}}}""", "Results wanted, with the seeds `seed` … `seed + n - 1`."),
        (FieldNames.Seed, """{"type":"integer","minimum":0,"maximum":4294967295}""", "Drawn and reported where it is missing."),
        (FieldNames.Steps, """{"type":"integer"}""", "Sampler steps, within the range of the model's card."),
        (FieldNames.GuidanceScale, """{"type":"number"}""", "Weight of the instruction, within the range of the model's card."),
        (FieldNames.ImageGuidanceScale, """{"type":"number"}""", "Weight of the scene, within the range of the model's card."),
        (FieldNames.SubjectScale, """{"type":"number"}""", "λ of eq. 7, within the range of the model's card; 0 without a subject."),
        (FieldNames.Profile, """{"type":"string"}""", "`exact`, or another profile of the model's card."),
        (FieldNames.Background, """{"type":"string","enum":["preserve","free"]}""", "`preserve`: pixels outside the edited region stay the scene's, byte for byte."),
        (FieldNames.OutputFormat, """{"type":"string","enum":["png","jpeg","webp"]}""", "Format of the results."),
        (FieldNames.Metadata, $$"""{"type":"object","maxProperties":{{Metadata.MostPairs}},"additionalProperties":{"type":"string","maxLength":{{Metadata.LongestValue}} } }""",
            "String pairs that the edit keeps, returned as given."),
        (FieldNames.PauseAfter, $$"""{"type":"string","enum":["{{EditStage.Understanding}}"]}""",
            "`understanding`: what the model made of mask and instruction is to be approved before the picture is painted."),
        (FieldNames.Webhook, """{"type":"string","format":"uri"}""", "Where this edit's events are posted, signed with the default secret."),
        (FieldNames.WebhookEvents, """{"type":"array","items":{"type":"string"}}""", "Only these events; everything where it is missing."),
        (FieldNames.ReplayOf, """{"type":"string"}""",
            "Instead of everything but `metadata`, `webhook` and `webhook_events`: an edit that has succeeded, to be run again. The job's `replay` says whether the results are the same to the last byte."),
    ];

    private static readonly (string Name, string Schema, string Description)[] s_corrections =
    [
        (FieldNames.Label, $$"""{"type":"string","minLength":1,"maxLength":{{Label.Longest}} }""", "What the mask means, in a few plain words, for a model that reads labels."),
        .. Fields.Where(field => field.Name is FieldNames.Instruction or FieldNames.Mask or FieldNames.MaskPolarity or FieldNames.MaskShapes),
    ];

    private static readonly (string Name, string Schema, string Description)[] s_inspection =
        [.. Fields.Where(field => field.Name is FieldNames.Scene or FieldNames.Mask or FieldNames.MaskPolarity or FieldNames.MaskShapes)];

    /// <summary>The JSON body: pictures as ids of assets, URLs or data: URIs.</summary>
    public static JsonObject Json(SchemaBook schemas) => schemas.Named("NewEdit", _ => Make("A new edit", Fields, [s_required, [FieldNames.ReplayOf]], isForm: false));

    /// <summary>The form: pictures as files, lists and objects as JSON texts.</summary>
    public static JsonObject Form(SchemaBook schemas) => schemas.Named("NewEditForm", _ => Make("A new edit", Fields, [s_required, [FieldNames.ReplayOf]], isForm: true));

    /// <summary>The corrections of an approval as JSON.</summary>
    public static JsonObject ApprovalJson(SchemaBook schemas) => schemas.Named("Approval", _ => Make("Corrections", s_corrections, [[]], isForm: false));

    /// <summary>The corrections of an approval as a form.</summary>
    public static JsonObject ApprovalForm(SchemaBook schemas) => schemas.Named("ApprovalForm", _ => Make("Corrections", s_corrections, [[]], isForm: true));

    /// <summary>Scene and mask of an inspection as JSON.</summary>
    public static JsonObject InspectionJson(SchemaBook schemas) => schemas.Named("Inspection", _ => Make("Scene and mask", s_inspection, [[FieldNames.Scene]], isForm: false));

    /// <summary>Scene and mask of an inspection as a form.</summary>
    public static JsonObject InspectionForm(SchemaBook schemas) => schemas.Named("InspectionForm", _ => Make("Scene and mask", s_inspection, [[FieldNames.Scene]], isForm: true));

    private static JsonObject Make(string what, IEnumerable<(string Name, string Schema, string Description)> fields, string[][] required, bool isForm)
    {
        var properties = new JsonObject();
        foreach (var (name, text, description) in fields)
        {
            var isPicture = name is FieldNames.Scene or FieldNames.Mask or FieldNames.Subject;
            var schema = isPicture && isForm ? [] : isPicture ? new JsonObject { ["type"] = "string", ["pattern"] = "^(data:|ast_|https:)" } : JsonNode.Parse(text)!.AsObject();
            schema["description"] = description + (!isPicture ? "" : isForm ? " A file; or as text the id of an asset or an `https:` URL." : " The id of an asset, an `https:` URL, or a `data:` URI in base64.");
            properties[name] = schema;
        }

        var body = new JsonObject
        {
            ["type"] = "object",
            ["description"] = what + (isForm ? " as a form: pictures as files; lists and objects as JSON texts." : " as JSON."),
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        var choices = required.Select(names => new JsonArray([.. names.Select(name => (JsonNode)name)])).ToList();
        if (choices.Count == 1)
            body["required"] = choices[0];
        else
            body["oneOf"] = new JsonArray([.. choices.Select(names => new JsonObject { ["required"] = names })]);
        return body;
    }
}
