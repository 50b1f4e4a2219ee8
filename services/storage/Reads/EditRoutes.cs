using System.Security.Cryptography;
using System.Text;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using FlexEdit.Storage.Edits;
using Microsoft.Net.Http.Headers;

namespace FlexEdit.Storage.Reads;

/// <summary>The job itself: read, list, cancel, delete.</summary>
internal static class EditRoutes
{
    private const int LongestWaitSeconds = 60;

    private static readonly HashSet<string> Statuses =
    [
        EditStatus.Queued, EditStatus.Processing, EditStatus.AwaitingApproval, EditStatus.Canceling,
        EditStatus.Succeeded, EditStatus.Failed, EditStatus.Canceled, EditStatus.Expired,
    ];

    public static void MapEdits(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/edits", ListAsync);
        routes.MapGet("/v1/edits/{id}", GetAsync);
        routes.MapGet("/v1/edits/{id}/manifest", ManifestAsync);
        routes.MapPost("/v1/edits/{id}/cancel", CancelAsync);
        routes.MapDelete("/v1/edits/{id}", DeleteAsync);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, string? wait, string? after, EditReader reader)
    {
        var seconds = Number(wait, "wait", 0, LongestWaitSeconds) ?? 0;
        var sequence = Number(after, "after", 0, long.MaxValue);
        var edit = seconds == 0
            ? await reader.GetAsync(context.GetTenant(), id, context.RequestAborted)
            : await reader.WaitAsync(context.GetTenant(), id, sequence, TimeSpan.FromSeconds(seconds), context.RequestAborted);
        return await JobAsync(context, reader, edit);
    }

    private static async Task<IResult> ManifestAsync(HttpContext context, string id, EditReader reader)
    {
        var edit = await reader.GetAsync(context.GetTenant(), id, context.RequestAborted);
        context.Response.Headers.CacheControl = "private, no-cache";
        return Results.Json(EditManifests.Of(edit), ContractJson.Options);
    }

    private static async Task<IResult> ListAsync(HttpContext context, string? status, string? after, string? limit, EditReader reader)
    {
        var statuses = (status ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (statuses.FirstOrDefault(wanted => !Statuses.Contains(wanted)) is { } unknown)
            throw Malformed($"'{unknown}' is not a status; known are {string.Join(", ", Statuses)}.", "status");
        var (jobs, hasMore) = await reader.ListAsync(context.GetTenant(), statuses, Page.After(after, "edt_"), Page.Limit(limit), context.RequestAborted);
        return Page.Of(jobs, hasMore, job => job.Id);
    }

    private static async Task<IResult> CancelAsync(HttpContext context, string id, CancelEditHandler cancel, EditReader reader)
    {
        await cancel.CancelAsync(context.GetTenant(), id, context.RequestAborted);
        return await JobAsync(context, reader, await reader.GetAsync(context.GetTenant(), id, context.RequestAborted));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, RemoveEditHandler remove, EditReader reader)
    {
        switch (await remove.HandleAsync(context.GetTenant(), id, expired: false, context.RequestAborted))
        {
            case RemoveEditHandler.Outcome.Removed:
                return Results.NoContent();
            case RemoveEditHandler.Outcome.StillRunning:
                throw new ProblemException(new Problem
                {
                    Status = 409,
                    Code = ErrorCodes.Conflict,
                    Detail = "The edit has not ended; cancel it first, then delete it.",
                });
            default:
                await reader.GetAsync(context.GetTenant(), id, context.RequestAborted); // Says which: 404 or 410.
                return Results.NoContent();
        }
    }

    private static async Task<IResult> JobAsync(HttpContext context, EditReader reader, Ledger.EditRow edit)
    {
        var job = await reader.JobAsync(edit, context.RequestAborted);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(job)).AsSpan(0, 12))}\"");
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "private, no-cache";
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        return Results.Text(job, "application/json; charset=utf-8");
    }

    private static long? Number(string? text, string name, long least, long most)
    {
        if (text is null)
            return null;
        return long.TryParse(text, System.Globalization.NumberStyles.None, null, out var value) && value >= least && value <= most
            ? value
            : throw Malformed(most == long.MaxValue ? $"'{name}' is a whole number from {least}." : $"'{name}' is a whole number from {least} to {most}.", name);
    }

    private static ProblemException Malformed(string detail, string param) => new(Problem.Malformed(detail, param));
}
