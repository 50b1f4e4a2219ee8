using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Batches;

/// <summary>
/// <c>POST /v1/batches</c>: JSON lines as the body or as a form's <c>file</c>, or <c>{"requests": […]}</c>. Answers once the body and the list of its lines are durable; the
/// edits come of them later (<see cref="BatchRunner"/>).
/// </summary>
internal sealed class SubmitBatch(
    UploadRoom room, IObjectStore objects, IBatchLedger batches, BatchSignal signal, KeysUnderWay keys, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const string File = "file";
    private static readonly HashSet<string> s_jsonLines = new(StringComparer.OrdinalIgnoreCase) { "application/jsonl", "application/x-ndjson", "application/ndjson", "application/json-lines" };

    /// <summary>Handles one request: 202 with the batch.</summary>
    /// <exception cref="ProblemException">What is wrong with the body as a whole; 503 where it cannot be stored.</exception>
    public async Task HandleAsync(HttpContext context)
    {
        var (tenant, gone) = (context.GetTenant(), context.RequestAborted);
        var key = CallHeaders.Read(context.Request.Headers, options.Value.LongestWait).IdempotencyKey;
        ReadBody.CheckEncoding(context.Request);
        using var entry = keys.Enter(tenant, key);
        using var folder = room.Open();
        var (body, lines) = await ReadAsync(context.Request, folder, gone);

        var answer = await CreateAsync(body, lines, tenant, key, gone);
        signal.Ring();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/v1/batches/{answer.Batch!.Id}";
        if (answer.Replayed)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        context.Response.Headers.RetryAfter = "1";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(JsonSerializer.Serialize(answer.Batch, ContractJson.Options), gone);
    }

    private async Task<(Upload Body, IReadOnlyList<BatchPart> Lines)> ReadAsync(HttpRequest request, UploadFolder folder, CancellationToken cancellationToken)
    {
        var (type, limits) = (request.ContentType?.Split(';')[0].Trim() ?? "", options.Value);
        if ("multipart/form-data".Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            var fields = await ReadForm.RunAsync(request, folder, limits, UseOf, cancellationToken, limits.BodyBytes);
            var file = fields.Picture(File)?.File ?? throw new ProblemException(Problem.Malformed("Send the JSON lines as the form's file 'file'.", File));
            return (file, Parts(file, isJson: false, limits.BatchLines));
        }
        var isJson = "application/json".Equals(type, StringComparison.OrdinalIgnoreCase);
        if (!isJson && !s_jsonLines.Contains(type))
            throw new ProblemException(new Problem { Status = 415, Code = ErrorCodes.UnsupportedMediaType, Detail = "Send JSON lines (application/jsonl), a form with a file, or application/json." });
        var body = await UploadWriter.CopyAsync(request.Body, folder.NewPath(), limits.BodyBytes, "The body", cancellationToken);
        return (body, Parts(body, isJson, limits.BatchLines));
    }

    private static IReadOnlyList<BatchPart> Parts(Upload body, bool isJson, int most)
    {
        using var file = new MappedFile(body.Path, (int)body.Bytes);
        return isJson ? BatchBody.Items(file.Bytes, most) : BatchBody.Lines(file.Bytes, most);
    }

    private async Task<BatchAnswer> CreateAsync(Upload body, IReadOnlyList<BatchPart> lines, string tenant, string? key, CancellationToken cancellationToken)
    {
        var id = Ids.NewBatch(time);
        try
        {
            await using var content = System.IO.File.OpenRead(body.Path);
            await objects.PutAsync(ObjectKeys.BatchBody(tenant, id), content, "application/jsonl", cancellationToken);
        }
        catch (ObjectStoreException)
        {
            throw new ProblemException(Problem.Unavailable("The batch cannot be stored right now; nothing was made.", Refusals.ComeBack));
        }
        var answer = await batches.CreateAsync(
            new CreateBatch { Id = id, Tenant = tenant, Lines = lines, IdempotencyKey = key, RequestDigest = body.Sha256 }, cancellationToken);
        if (answer.Batch?.Id != id)
            await objects.DeleteAsync(ObjectKeys.BatchBody(tenant, id), CancellationToken.None);
        return answer.Refused is { } refused ? throw refused.ToProblem() : answer;
    }

    private static FieldUse UseOf(string name) => name == File ? new FieldUse(name, FieldShape.Picture)
        : throw new ProblemException(Problem.Unprocessable(ErrorCodes.UnknownField, "A batch has one field, 'file'.", name.Length <= 64 ? name : name[..64]));
}
