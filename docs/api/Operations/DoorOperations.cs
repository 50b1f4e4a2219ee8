using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Errors;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Compatible doors: calls of other APIs over the same edits, for clients that exist already.</summary>
internal static class DoorOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/v1/images/edits", "editImage", "doors", "Edit an image as OpenAI's API does")
        {
            Description =
                "The image edit call of OpenAI's API: its official clients work with their base URL and key set. The first image is the scene, the second the subject; transparent pixels of the mask are to be "
                + "edited, and without a mask the whole picture is. The answer comes when the edit is done, or as events with `stream`; a client that leaves before cancels the edit, unless it sent an `Idempotency-Key`.",
            Parameters =
            [
                EditOperations.IdempotencyKey,
                new("Cancel-After", "header", "A deadline for starting, 1s to 24h.", """{"type":"string"}""", "90s"),
            ],
            Body = [new("multipart/form-data", OpenAiSchemas.Form), new("application/json", OpenAiSchemas.Json)],
            Answers =
            [
                new(200, "The results; with `stream` the events `image_edit.partial_image`, `image_edit.completed` (one for each result) and `error`.")
                {
                    Body = [new("application/json", OpenAiSchemas.Images), new("text/event-stream")],
                    Headers = [("Location", "Path of the edit.")],
                    PerhapsHeaders = [("Idempotency-Replayed", "`true` where the edit was made by an earlier request with the same `Idempotency-Key`; else absent.")],
                },
            ],
            Errors =
            [
                .. new[]
                {
                    ErrorCodes.SceneRequired, ErrorCodes.InstructionRequired, ErrorCodes.InstructionTooLong, ErrorCodes.InstructionInvalid, ErrorCodes.InvalidImage, ErrorCodes.UnsupportedImage,
                    ErrorCodes.AnimatedImage, ErrorCodes.MaskInvalid, ErrorCodes.MaskEmpty, ErrorCodes.MaskSizeMismatch, ErrorCodes.OptionOutOfRange, ErrorCodes.UnknownField, ErrorCodes.IdempotencyKeyReused,
                }.Select(code => (400, code)),
                (400, "moderation_blocked"), (404, "model_not_found"), (409, ErrorCodes.Conflict), (409, ErrorCodes.IdempotencyKeyInUse), (410, ErrorCodes.DataRemoved), (413, ErrorCodes.ImageTooLarge),
                (429, "rate_limit_exceeded"), (500, ErrorCodes.ModelError), (503, ErrorCodes.OutOfMemory), (503, ErrorCodes.WorkerLost), (504, ErrorCodes.DeadlineExceeded),
            ],
            ErrorShape = OpenAiSchemas.Error,
        },
    ];
}
