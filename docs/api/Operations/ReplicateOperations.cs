using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Doors.Replicate;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Replicate's predictions, files and models over the same edits and assets.</summary>
internal static class ReplicateOperations
{
    private const string Problem = "application/problem+json";
    private const string Text = """{"type":"string"}""";

    private static readonly Parameter s_owner = new("owner", "path", "Always `flexedit`.", Text, "flexedit");
    private static readonly Parameter s_name = new("name", "path", "Id of the model.", Text, "flexedit-tiny");
    private static readonly Parameter s_file = new("id", "path", "Id of the file: an asset's.", Text, "ast_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Parameter s_fileCursor = new("cursor", "query", "What stands behind `cursor=` in the `next` of an earlier page.", Text, "ast_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Parameter s_token = new("token", "query", "What the address was given out with: it stands for a key, for an hour unless the server is set otherwise.", Text, "AAAAAGopmg…");

    private static readonly Parameter[] s_ways =
    [
        new("Prefer", "header", "`wait` or `wait=N`: answer with the finished prediction if it ends within N seconds (at most 60).", Text, "wait=30"),
        new("Cancel-After", "header", "A deadline for starting, 1s to 24h: a prediction not begun by then becomes `aborted`.", Text, "90s"),
        EditOperations.IdempotencyKey,
    ];

    private static readonly (string, string)[] s_made = [("Location", "Path of the prediction.")];

    private static readonly (string, string)[] s_perhaps =
    [
        ("Preference-Applied", "How long was waited, where `Prefer` was sent."),
        ("Idempotency-Replayed", "`true` where the edit was made by an earlier request with the same `Idempotency-Key`; else absent."),
    ];

    private static readonly Content s_prediction = new("application/json", ReplicateSchemas.Prediction);
    private static readonly Answer[] s_creation =
    [
        new(201, "The prediction, `starting`; with `Prefer: wait` the one that has ended.") { Body = [s_prediction], Headers = s_made, PerhapsHeaders = s_perhaps },
        new(202, "It has not ended within the wait, and goes on. It is called `starting` whatever it is at.") { Body = [s_prediction], Headers = s_made, PerhapsHeaders = s_perhaps },
    ];

    private static readonly (int, string)[] s_refusals =
    [
        (409, ErrorCodes.IdempotencyKeyInUse), (410, ErrorCodes.DataRemoved), (413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage), (429, ErrorCodes.TooManyEdits),
        .. new[]
        {
            ErrorCodes.SceneRequired, ErrorCodes.InstructionRequired, ErrorCodes.InstructionTooLong, ErrorCodes.InstructionInvalid, ErrorCodes.InvalidImage, ErrorCodes.AnimatedImage, ErrorCodes.MaskInvalid,
            ErrorCodes.MaskEmpty, ErrorCodes.MaskSizeMismatch, ErrorCodes.UnknownAsset, ErrorCodes.InvalidUrl, ErrorCodes.UrlFetchFailed, ErrorCodes.UnknownModel, ErrorCodes.OptionOutOfRange,
            ErrorCodes.UnknownField, ErrorCodes.IdempotencyKeyReused, ErrorCodes.WebhookInvalid,
        }.Select(code => (422, code)),
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        Made("POST", "/v1/predictions", "createPrediction", "Create a prediction as Replicate's API does", "The same job as through `POST /v1/edits`, shown as a prediction: its official clients work with their base URL and key set. Without a mask the whole picture is edited.") with
        {
            Parameters = s_ways, Body = [new("application/json", ReplicateSchemas.NewPrediction)], Answers = s_creation, Errors = s_refusals,
        },
        Made("POST", "/v1/models/{owner}/{name}/predictions", "createPredictionOfModel", "Create a prediction of a model as Replicate's API does", "As `POST /v1/predictions`, with the model in the path.") with
        {
            Parameters = [s_owner, s_name, .. s_ways], Body = [new("application/json", ReplicateSchemas.NewPredictionOfModel)], Answers = s_creation, Errors = [(404, ErrorCodes.NotFound), .. s_refusals],
        },
        Made("GET", "/v1/predictions", "listPredictions", "List predictions", "All edits, however they came in, newest first, a hundred a page. Results are addresses here, never the pictures themselves.") with
        {
            Parameters =
            [
                new("cursor", "query", "What stands behind `cursor=` in the `next` of an earlier page.", Text, "edt_06b3x4f0yz8n7k2m5q9r1s3t5v"),
                new("created_after", "query", "Only what was made at or after this time.", """{"type":"string","format":"date-time"}""", "2026-11-27T00:00:00Z"),
                new("created_before", "query", "Only what was made before this time.", """{"type":"string","format":"date-time"}""", "2026-11-28T00:00:00Z"),
            ],
            Answers = [new(200, "A page.") { Body = [new("application/json", ReplicateSchemas.PredictionPage)] }],
        },
        Made("GET", "/v1/predictions/{id}", "getPrediction", "Read a prediction", "The edit as a prediction, as it is now.") with
        {
            Parameters = [EditOperations.Id], Answers = [new(200, "The prediction.") { Body = [s_prediction] }], Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("POST", "/v1/predictions/{id}/cancel", "cancelPrediction", "Cancel a prediction", "Answers when the worker has let go, which takes a sampling step. One that has ended stays as it is.") with
        {
            Parameters = [EditOperations.Id], Answers = [new(200, "The prediction.") { Body = [s_prediction] }], Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("GET", "/v1/predictions/{id}/outputs/{index}", "getPredictionOutput", "Read a result of a prediction", "What an address in `output` names. It needs no key as long as its token is good.") with
        {
            Parameters = [EditOperations.Id, new("index", "path", "Number of the result, from 0, perhaps with an extension.", Text, "0.png"), s_token],
            Answers = [new(200, "The picture.") { Body = [new("image/png"), new("image/jpeg"), new("image/webp")], Headers = [("ETag", "Its digest.")] }, new(206, "A part of it.") { Body = [new("image/png"), new("image/jpeg"), new("image/webp")] }, new(304, "The picture is the same as before.")],
            Errors = [(404, ErrorCodes.NotFound), (412, ErrorCodes.Malformed), (416, ErrorCodes.Malformed)],
        },
        Made("GET", "/v1/files/streams/{id}", "streamPrediction", "Follow a prediction", "Server-sent events: `logs` for every step, `output` for every result, `error`, and `done` at the end. What `urls.stream` names; it needs no key as long as its token is good.") with
        {
            Parameters = [EditOperations.Id, s_token, new("Last-Event-ID", "header", "The id of the last event that was read.", Text, "4.12")],
            Answers = [new(200, "The events.") { Body = [new("text/event-stream")] }],
            Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("POST", "/v1/files", "createFile", "Upload a file as Replicate's API does", "An asset under another name: `urls.get` stands for the picture as an input of predictions.") with
        {
            Body = [new("multipart/form-data", ReplicateSchemas.NewFile)],
            Answers = [new(201, "The file; the same bytes again are the same file.") { Body = [new("application/json", ReplicateSchemas.File)], Headers = [("Location", "Path of the file.")] }],
            Errors = [(413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage), (422, ErrorCodes.InvalidImage), (422, ErrorCodes.AnimatedImage), (422, ErrorCodes.UnknownField)],
        },
        Made("GET", "/v1/files", "listFiles", "List files", "All assets, newest first, a hundred a page.") with
        {
            Parameters = [s_fileCursor], Answers = [new(200, "A page.") { Body = [new("application/json", ReplicateSchemas.FilePage)] }],
        },
        Made("GET", "/v1/files/{id}", "getFile", "Read a file", "What is known of the picture.") with
        {
            Parameters = [s_file], Answers = [new(200, "The file.") { Body = [new("application/json", ReplicateSchemas.File)] }], Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("DELETE", "/v1/files/{id}", "deleteFile", "Remove a file", "Edits that use the picture keep it.") with
        {
            Parameters = [s_file], Answers = [new(204, "It is removed.")], Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("GET", "/v1/models/{owner}/{name}", "getModelOfOwner", "Read a model as Replicate's API shows it", "What its newest version takes and gives stands in its `openapi_schema`.") with
        {
            Parameters = [s_owner, s_name], Answers = [new(200, "The model.") { Body = [new("application/json", ReplicateSchemas.Model)] }], Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("GET", "/v1/models/{owner}/{name}/versions", "listModelVersions", "List the versions of a model", "There is one: the model as this server has it.") with
        {
            Parameters = [s_owner, s_name], Answers = [new(200, "The versions.") { Body = [new("application/json", ReplicateSchemas.VersionPage)] }], Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("GET", "/v1/models/{owner}/{name}/versions/{version}", "getModelVersion", "Read a version of a model", "What it takes and gives.") with
        {
            Parameters = [s_owner, s_name, new("version", "path", "Its id.", Text, new string('0', 64))],
            Answers = [new(200, "The version.") { Body = [new("application/json", ReplicateSchemas.Version)] }],
            Errors = [(404, ErrorCodes.NotFound)],
        },
        Made("GET", "/v1/account", "getAccount", "Read the account", "Whose key it is.") with
        {
            Answers = [new(200, "The tenant as an account.") { Body = [new("application/json", ReplicateSchemas.Account)] }],
        },
    ];

    private static Operation Made(string method, string path, string id, string summary, string description) =>
        new(method, path, id, "doors", summary) { Description = description, Answers = [], ErrorShape = schemas => schemas.Of<ReplicateError>(), ErrorType = Problem };
}
