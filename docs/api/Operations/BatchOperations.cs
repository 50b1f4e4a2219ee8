using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Storage.Batches;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Many edits from one body.</summary>
internal static class BatchOperations
{
    private static readonly Parameter s_id = new("id", "path", "Id of the batch.", """{"type":"string"}""", "bat_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Content s_batch = new("application/json", schemas => schemas.Of<BatchView>());
    private static readonly (int, string)[] s_missing = [(404, ErrorCodes.NotFound)];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/v1/batches", "submitBatch", "batches", "Submit a batch")
        {
            Description =
                "Every line is the JSON body of an edit, as in `POST /v1/edits`, and may have a `custom_id`. Answers once all lines are durable: each becomes exactly one edit. "
                + "Lines are begun in their order, a few at a time, so that single edits pass them. A line that no edit can be made of fails alone; its problem is in the results.",
            Parameters =
            [
                new("Idempotency-Key", "header", "A text of the client's choice for one batch: the same body with the same key is the same batch.",
                    """{"type":"string","minLength":1,"maxLength":255,"pattern":"^[ -~]+$"}""", "night-4711"),
            ],
            Body =
            [
                new("application/jsonl"), new("application/x-ndjson"), new("multipart/form-data", OtherSchemas.BatchForm), new("application/json", OtherSchemas.NewBatch),
            ],
            Answers =
            [
                new(202, "The batch is accepted and durable.")
                {
                    Body = [s_batch],
                    Headers =
                    [
                        ("Location", "Path of the batch."), ("Retry-After", "Seconds after which to look again."),
                    ],
                    PerhapsHeaders = [("Idempotency-Replayed", "`true` where an earlier request with the same key made it; else absent.")],
                },
            ],
            Errors =
            [
                (409, ErrorCodes.IdempotencyKeyInUse), (410, ErrorCodes.DataRemoved), (422, ErrorCodes.BatchEmpty), (422, ErrorCodes.UnknownField), (422, ErrorCodes.IdempotencyKeyReused),
            ],
        },
        new("GET", "/v1/batches", "listBatches", "batches", "List batches")
        {
            Description = "Newest first, in pages.",
            Parameters =
            [
                new("after", "query", "The `next` of an earlier page.", """{"type":"string"}""", "bat_06b3x4f0yz8n7k2m5q9r1s3t5v"),
                new("limit", "query", "Most batches of a page.", """{"type":"integer","minimum":1,"maximum":100,"default":20}""", 20),
            ],
            Answers = [new(200, "A page.") { Body = [new("application/json", OtherSchemas.BatchList)] }],
        },
        new("GET", "/v1/batches/{id}", "getBatch", "batches", "Read a batch")
        {
            Description = "How many of its lines stand where.",
            Parameters = [s_id],
            Answers = [new(200, "The batch.") { Body = [s_batch] }],
            Errors = s_missing,
        },
        new("GET", "/v1/batches/{id}/results", "getBatchResults", "batches", "Read the results of a batch")
        {
            Description = "JSON lines, in the order of the batch: one for every line that has ended by now, with the job or with the line's problem.",
            Parameters = [s_id],
            Answers = [new(200, "The results.") { Body = [new("application/jsonl", schemas => schemas.Of<BatchResultView>())] }],
            Errors = s_missing,
        },
        new("POST", "/v1/batches/{id}/cancel", "cancelBatch", "batches", "Cancel a batch")
        {
            Description = "Lines that are no edits yet never become any, and the edits under way are canceled. Idempotent, also on a batch that has ended, which keeps its results.",
            Parameters = [s_id],
            Answers = [new(200, "The batch.") { Body = [s_batch] }],
            Errors = s_missing,
        },
    ];
}
