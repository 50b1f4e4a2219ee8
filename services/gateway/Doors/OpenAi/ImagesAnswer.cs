using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>The results as OpenAI's clients read them: <c>{created, data: [{b64_json}]}</c>, written picture by picture without holding one whole.</summary>
internal sealed class ImagesAnswer(IObjectStore objects, HttpContext context, OpenAiDialect dialect, TimeProvider time)
{
    /// <summary>Answers the request.</summary>
    public async Task WriteAsync(string id, IReadOnlyList<EditOutput> outputs, CancellationToken cancellationToken)
    {
        var response = context.Response;
        // The first is opened before anything is sent, so that a store that is away is an error like any other.
        var first = dialect.WantsUrls ? null : await StoredPicture.OpenAsync(objects, outputs[0], cancellationToken);
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(response.Body);
        json.WriteStartObject();
        json.WriteNumber("created", time.GetUtcNow().ToUnixTimeSeconds());
        json.WriteStartArray("data");
        foreach (var output in outputs)
        {
            json.WriteStartObject();
            if (dialect.WantsUrls)
            {
                json.WriteString("url", await UrlAsync(id, output, cancellationToken));
            }
            else
            {
                await using var picture = first ?? await StoredPicture.OpenAsync(objects, output, cancellationToken);
                first = null;
                await StoredPicture.WriteAsync(json, "b64_json", picture, cancellationToken);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("background", "opaque");
        json.WriteString(FieldNames.OutputFormat, FormatOf(outputs[0]));
        json.WriteString(OpenAiFields.Size, dialect.SizeOf(outputs[0]));
        json.WriteString("edit", id);
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    /// <summary>The format as OpenAI names it: png, jpeg or webp.</summary>
    public static string FormatOf(EditOutput output) => output.ContentType["image/".Length..];

    private async Task<string> UrlAsync(string id, EditOutput output, CancellationToken cancellationToken) =>
        (await objects.LinkAsync(output.Key, cancellationToken))?.AbsoluteUri
        ?? $"{context.Request.Scheme}://{context.Request.Host}/v1/edits/{id}/outputs/{output.Index}";
}
