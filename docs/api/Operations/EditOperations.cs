using System.Text.Json.Nodes;
using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Storage.Reads;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Edits themselves: submit, read, list, follow, approve, cancel, remove.</summary>
internal static class EditOperations
{
    /// <summary>A small picture as a data: URI, so that the example runs.</summary>
    private const string Example = """
        {
          "scene": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAWklEQVR42u3VsQnAMBBDUQ2m/clYrgxpDoSFIZCvXq86y3rKCAAAAAAgA7xzBvidA8COBIX9UVDanwTF/UG4BNixAADw5VPuX2O/B/0i9ZvYrzJfGwAAwO+ABaL+kapylXBZAAAAAElFTkSuQmCC",
          "mask_shapes": [ { "type": "circle", "cx": 32, "cy": 32, "r": 14 } ],
          "instruction": "remove the object",
          "seed": 7
        }
        """;

    /// <summary>The id of an edit in a path.</summary>
    public static Parameter Id { get; } = new("id", "path", "Id of the edit.", """{"type":"string"}""", "edt_06b3x4f0yz8n7k2m5q9r1s3t5v");

    /// <summary>The key under which a request makes one edit.</summary>
    public static Parameter IdempotencyKey { get; } = new(
        "Idempotency-Key", "header",
        "A text of the client's choice for one edit. The same request with the same key makes no second edit within 24 hours (unless the server is set otherwise): it answers with the first one, or with 410 once that one is removed.",
        """{"type":"string","minLength":1,"maxLength":255,"pattern":"^[ -~]+$"}""", "order-4711");

    /// <summary>What an edit that cannot be read answers.</summary>
    public static IReadOnlyList<(int, string)> Missing { get; } = [(404, ErrorCodes.NotFound), (410, ErrorCodes.DataRemoved)];

    private static readonly Content s_edit = new("application/json", schemas => schemas.Of<JobView>());
    private static readonly Content s_accepted = new("application/json",
        schemas => new JsonObject { ["anyOf"] = new JsonArray(schemas.Of<JobView>(), schemas.Of<AcceptedEdit>()) });
    private static readonly Parameter s_prefer = new(
        "Prefer", "header", "`wait=N`: answer with the finished job if it ends within N seconds (at most 60). `respond-async`: answer at once (the default).", """{"type":"string"}""", "wait=30");

    private static readonly (string, string) s_applied = ("Preference-Applied", "Which preference was followed; absent where there was none.");
    private static readonly (string, string) s_tag = ("ETag", "Validator of the job; send it back as `If-None-Match`.");
    private static readonly (string, string) s_location = ("Location", "Path of the edit.");
    private static readonly (string, string)[] s_perhaps =
    [
        s_applied,
        ("Idempotency-Replayed", "`true` where the edit was made by an earlier request with the same `Idempotency-Key`; else absent."),
    ];

    private static readonly (string, string)[] s_approved =
        [s_applied, ("Idempotency-Replayed", "`true` where an earlier request with the same `Idempotency-Key` approved the edit; else absent.")];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/v1/edits", "submitEdit", "edits", "Submit an edit")
        {
            Description = "Answers once the edit and its pictures are durable: after a 202 no crash loses it. With `Prefer: wait=N` it waits for the end.",
            Parameters =
            [
                s_prefer,
                new("Cancel-After", "header", "A deadline for starting, 1s to 24h: an edit not begun by then becomes `expired`.", """{"type":"string"}""", "90s"),
                IdempotencyKey,
            ],
            Body = [new("multipart/form-data", EditRequestSchema.Form), new("application/json", EditRequestSchema.Json, Example)],
            Answers =
            [
                new(200, "The edit has ended within the wait.") { Body = [s_edit], Headers = [s_location], PerhapsHeaders = s_perhaps },
                new(202, "The edit is accepted and durable. Where it cannot be read back at this moment, the body only says where it is.") { Body = [s_accepted], Headers = [s_location, ("Retry-After", "Seconds after which to look again.")], PerhapsHeaders = s_perhaps },
            ],
            Errors =
            [
                (404, ErrorCodes.NotFound), (409, ErrorCodes.Conflict), (409, ErrorCodes.IdempotencyKeyInUse), (409, ErrorCodes.ModelChanged), (410, ErrorCodes.DataRemoved), (413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage),
                (429, ErrorCodes.TooManyEdits),
                .. new[]
                {
                    ErrorCodes.SceneRequired, ErrorCodes.MaskRequired, ErrorCodes.MaskInvalid, ErrorCodes.MaskEmpty, ErrorCodes.MaskSizeMismatch,
                    ErrorCodes.InstructionRequired, ErrorCodes.InstructionTooLong, ErrorCodes.InstructionInvalid, ErrorCodes.InvalidImage,
                    ErrorCodes.AnimatedImage, ErrorCodes.UnknownAsset, ErrorCodes.InvalidUrl, ErrorCodes.UrlFetchFailed, ErrorCodes.UnknownModel, ErrorCodes.OptionOutOfRange, ErrorCodes.UnknownField, ErrorCodes.IdempotencyKeyReused, ErrorCodes.WebhookInvalid,
                }.Select(code => (422, code)),
            ],
        },
        new("GET", "/v1/edits", "listEdits", "edits", "List edits")
        {
            Description = "Newest first, in pages.",
            Parameters =
            [
                new("status", "query", "Only these statuses, separated by commas.", """{"type":"string"}""", "queued,processing"),
                new("after", "query", "The `next` of an earlier page.", """{"type":"string"}""", "edt_06b3x4f0yz8n7k2m5q9r1s3t5v"),
                new("limit", "query", "Most edits of a page.", """{"type":"integer","minimum":1,"maximum":100,"default":20}""", 20),
            ],
            Answers = [new(200, "A page.") { Body = [new("application/json", OtherSchemas.EditList)] }],
        },
        new("GET", "/v1/edits/{id}", "getEdit", "edits", "Read an edit")
        {
            Description = "The job as it is now; with `wait` once it has changed.",
            Parameters =
            [
                Id,
                new("wait", "query", "Seconds to wait for a change.", """{"type":"integer","minimum":0,"maximum":60,"default":0}""", 20),
                new("after", "query", "Wait until the sequence is above this; above what it is now where it is missing.", """{"type":"integer","minimum":0}""", 3),
                new("If-None-Match", "header", "An ETag: 304 while the job is the same.", """{"type":"string"}""", "\"0f3c\""),
            ],
            Answers = [new(200, "The job.") { Body = [s_edit], Headers = [s_tag] }, new(304, "The job is the same as before.") { Headers = [s_tag] }],
            Errors = Missing,
        },
        new("DELETE", "/v1/edits/{id}", "deleteEdit", "edits", "Remove an edit")
        {
            Description = "Removes the job, its results, and its inputs where no other edit uses them. It has to have ended.",
            Parameters = [Id],
            Answers = [new(204, "It is removed.")],
            Errors = [.. Missing, (409, ErrorCodes.Conflict)],
        },
        new("GET", "/v1/edits/{id}/manifest", "getManifest", "edits", "Read what it takes to run an edit again")
        {
            Description = "Model digests, sampler, all options with their seeds, digests of inputs and results. `POST /v1/edits` with `replay_of` runs it again.",
            Parameters = [Id],
            Answers = [new(200, "The manifest.") { Body = [new("application/json", schemas => schemas.Of<ManifestView>())] }],
            Errors = Missing,
        },
        new("POST", "/v1/edits/{id}/cancel", "cancelEdit", "edits", "Cancel an edit")
        {
            Description = "Idempotent, also on a finished edit, which keeps its result. `canceling` until the worker has let go.",
            Parameters = [Id],
            Answers = [new(200, "The job.") { Body = [s_edit], Headers = [s_tag] }],
            Errors = Missing,
        },
        new("POST", "/v1/edits/{id}/approve", "approveEdit", "edits", "Approve an edit")
        {
            Description = "An edit with `pause_after` that awaits approval goes on. A corrected label, instruction or mask is understood anew first; without a body nothing is corrected. `Prefer` and `Idempotency-Key` mean what they mean where an edit is submitted.",
            Parameters = [Id, s_prefer, IdempotencyKey],
            Body = [new("multipart/form-data", EditRequestSchema.ApprovalForm), new("application/json", EditRequestSchema.ApprovalJson)],
            BodyIsOptional = true,
            Answers =
            [
                new(200, "The job. Where a wait was preferred it has ended.") { Body = [s_edit], PerhapsHeaders = s_approved },
                new(202, "The job, which goes on: there was a preference, and no wait, or one that was too short.") { Body = [s_edit], Headers = [("Retry-After", "Seconds after which to look again.")], PerhapsHeaders = s_approved },
            ],
            Errors =
            [
                .. Missing, (409, ErrorCodes.Conflict), (409, ErrorCodes.IdempotencyKeyInUse), (413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage),
                .. new[]
                {
                    ErrorCodes.LabelInvalid, ErrorCodes.MaskInvalid, ErrorCodes.MaskEmpty, ErrorCodes.MaskSizeMismatch, ErrorCodes.InstructionRequired,
                    ErrorCodes.InstructionTooLong, ErrorCodes.InstructionInvalid, ErrorCodes.InvalidImage, ErrorCodes.AnimatedImage,
                    ErrorCodes.UnknownAsset, ErrorCodes.InvalidUrl, ErrorCodes.UrlFetchFailed, ErrorCodes.OptionOutOfRange, ErrorCodes.UnknownField, ErrorCodes.IdempotencyKeyReused,
                }.Select(code => (422, code)),
            ],
        },
        new("GET", "/v1/edits/{id}/events", "watchEdit", "edits", "Follow an edit")
        {
            Description = "Server-sent events: `status` {sequence, status, stage}, `progress` {step, steps, output}, `preview` {output, step, image: a JPEG as data URI}, and `done` with the job. Ends after `done`.",
            Parameters = [Id, new("Last-Event-ID", "header", "Id of the last event that was received: what came after it follows.", """{"type":"string"}""", "12.4")],
            Answers = [new(200, "The events.") { Body = [new("text/event-stream")] }],
            Errors = [(404, ErrorCodes.NotFound)],
        },
    ];
}
