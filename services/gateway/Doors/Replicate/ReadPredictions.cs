using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Gateway.Edits;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Platform.Links;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>Reads, lists and cancels predictions, and serves their results. Whatever edit there is, is one, however it came in.</summary>
internal sealed class ReadPredictions(
    IEditJournal journal, IEditPages pages, IEditControl control, EditOutcome outcome, PredictionAnswer answer, IObjectStore objects, IOptions<LinksOptions> links)
{
    private const int PageSize = 100;

    // A worker lets go between two steps.
    private static readonly TimeSpan s_letGo = TimeSpan.FromSeconds(10);

    /// <summary><c>GET /v1/predictions/{id}</c>.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public async Task GetAsync(HttpContext context, string id) => await answer.WriteAsync(context, await FindAsync(context, id));

    /// <summary><c>POST /v1/predictions/{id}/cancel</c>: 200 with the prediction; one that has ended stays as it is.</summary>
    /// <exception cref="ProblemException">404: the tenant has no such edit.</exception>
    public async Task CancelAsync(HttpContext context, string id)
    {
        var log = await FindAsync(context, id);
        await control.CancelAsync(context.GetTenant(), id, context.RequestAborted);
        await answer.WriteAsync(context, await outcome.ReadAsync(context.GetTenant(), id, s_letGo, context.RequestAborted) ?? log);
    }

    /// <summary><c>GET /v1/predictions</c>: a page, newest first.</summary>
    /// <exception cref="ProblemException">400: a query value is not what it should be.</exception>
    public async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var cursor = (string?)query["cursor"];
        if (cursor is not null && !Ids.IsWellFormed(cursor, "edt_"))
            throw new ProblemException(Problem.Malformed("cursor is a part of the 'next' of an earlier page.", "cursor"));
        if ((string?)query["source"] is not null)
            throw new ProblemException(Problem.Malformed("source cannot be chosen: all predictions come from the API.", "source"));
        var request = new EditPageRequest { Limit = PageSize, After = cursor, CreatedAfter = Time(query, "created_after"), CreatedBefore = Time(query, "created_before") };
        var page = await pages.ListAsync(context.GetTenant(), request, context.RequestAborted);
        var results = new List<PredictionView>(page.Edits.Count);
        foreach (var edit in page.Edits)
            results.Add(await answer.ShowAsync(context, edit));
        var next = page.HasMore ? links.Value.ServerOf(context.Request) + PredictionPaths.Predictions + context.Request.Query.WithCursor(results[^1].Id) : null;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(context.Response.Body, new { Previous = (string?)null, Next = next, Results = results }, ContractJson.Options, context.RequestAborted);
    }

    /// <summary><c>GET /v1/predictions/{id}/outputs/{index}</c>: a result, for whoever has its signed address.</summary>
    /// <exception cref="ProblemException">404: there is no such edit, or not this result.</exception>
    public async Task<IResult> OutputAsync(HttpContext context, string id, string index)
    {
        var outputs = (await FindAsync(context, id)).Outputs;
        var number = Path.GetFileNameWithoutExtension(index);
        if (outputs.FirstOrDefault(output => output.Index.ToString(CultureInfo.InvariantCulture) == number) is not { } result
            || await objects.OpenAsync(result.Key, context.RequestAborted) is not { } picture)
        {
            throw new ProblemException(Problem.NotFound("There is no such result, or not any more."));
        }
        context.Response.Headers.CacheControl = "private, no-cache";
        // Pages of others show results by such addresses.
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Stream(picture.Content, result.ContentType, entityTag: new EntityTagHeaderValue($"\"{result.Sha256}\""), enableRangeProcessing: true);
    }

    private Task<EditJournal> FindAsync(HttpContext context, string id) => journal.ExistingAsync(context.GetTenant(), id, long.MaxValue, context.RequestAborted);

    private static DateTime? Time(IQueryCollection query, string name) => (string?)query[name] is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime
        : throw new ProblemException(Problem.Malformed($"{name} must be a time such as 2026-11-27T12:00:00Z.", name));
}
