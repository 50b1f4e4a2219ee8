using System.Text.Encodings.Web;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Links;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>
/// Predictions as answers. Results are addresses: of the object store where it gives any, else signed ones of this server. Replicate's clients take only <c>https:</c> and <c>data:</c> for files; where the
/// addresses would be neither, the answers about one prediction hold the pictures themselves as <c>data:</c> URIs, written block by block.
/// </summary>
internal sealed class PredictionAnswer(PredictionMaker predictions, IObjectStore objects, IOptions<LinksOptions> links)
{
    // Base 64 has a plus sign, which would be escaped otherwise.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The prediction with addresses of its results.</summary>
    public async Task<PredictionView> ShowAsync(HttpContext context, EditJournal log)
    {
        var view = predictions.Make(context.GetTenant(), log.Job, log.Door, links.Value.ServerOf(context.Request));
        if (view.Output is not { } own)
            return view;
        var output = new List<string>(own.Count);
        foreach (var (address, result) in own.Zip(log.Outputs))
            output.Add((await objects.LinkAsync(result.Key, context.RequestAborted))?.AbsoluteUri ?? address);
        return view with { Output = output };
    }

    /// <summary>Whether clients would not take an address for a file's.</summary>
    public static bool IsNoFile(string address) => !address.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>Answers a request with a prediction.</summary>
    /// <param name="context">The request; its status is set.</param>
    /// <param name="log">The edit.</param>
    /// <param name="isNew">Whether this is the answer to its making: clients take any other status than <c>starting</c> for its end then.</param>
    /// <exception cref="ObjectStoreException">A result cannot be read.</exception>
    public async Task WriteAsync(HttpContext context, EditJournal log, bool isNew = false)
    {
        var view = await ShowAsync(context, log);
        if (isNew && !EditStatus.IsTerminal(log.Status))
            view = view with { Status = PredictionMaker.Starting };
        var held = view.Output is { } output && output.Any(IsNoFile) ? log.Outputs : [];
        // The first is opened before anything is sent, so that a store that is away is an error like any other.
        var first = held.Count == 0 ? null : await StoredPicture.OpenAsync(objects, held[0], context.RequestAborted);
        Begin(context);
        await using var json = new Utf8JsonWriter(context.Response.Body, s_plain);
        using var members = JsonSerializer.SerializeToDocument(view, ContractJson.Options);
        json.WriteStartObject();
        foreach (var member in members.RootElement.EnumerateObject())
        {
            if (held.Count == 0 || !member.NameEquals("output"))
            {
                member.WriteTo(json);
                continue;
            }
            json.WriteStartArray(member.Name);
            foreach (var result in held)
            {
                await using var picture = first ?? await StoredPicture.OpenAsync(objects, result, context.RequestAborted);
                first = null;
                await StoredPicture.WriteDataUriAsync(json, result.ContentType, picture, context.RequestAborted);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    /// <summary>Answers a request with a prediction that was just made.</summary>
    public Task WriteAsync(HttpContext context, string job, EditDoor? door)
    {
        var view = predictions.Make(context.GetTenant(), job, door, links.Value.ServerOf(context.Request));
        Begin(context);
        return context.Response.WriteAsync(JsonSerializer.Serialize(view, ContractJson.Options), context.RequestAborted);
    }

    private static void Begin(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
    }
}
