using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>
/// An edit as OpenAI's clients read a stream: <c>image_edit.partial_image</c> for pictures of the first result on its way, spread over its steps,
/// <c>image_edit.completed</c> for every result, or <c>error</c>.
/// </summary>
internal sealed class ImageEvents(SseWriter sse, IObjectStore objects, OpenAiDialect dialect, TimeProvider time) : IEditEvents
{
    private const string Auto = "auto";
    private int _shown;

    /// <summary>Whether the client knows how it ended.</summary>
    public bool HasEnded { get; private set; }

    public Task ChangedAsync(EditEvent change, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProgressedAsync(EditProgressed step, long sequence, CancellationToken cancellationToken) => Task.CompletedTask;

    public bool WantsPreview(EditProgressed step) =>
        step.Output == 0 && _shown < dialect.PartialImages && step.Step * (dialect.PartialImages + 1) >= step.Steps * (_shown + 1);

    public Task PreviewedAsync(EditProgressed step, long sequence, SharedPreview preview, CancellationToken cancellationToken) => WriteAsync(
        "image_edit.partial_image",
        json =>
        {
            json.WriteNumber("partial_image_index", _shown++);
            json.WriteBase64String("b64_json", preview.Jpeg.Span);
            // Pictures on the way are JPEG, whatever the result's format.
            json.WriteString(FieldNames.OutputFormat, "jpeg");
            return Task.CompletedTask;
        },
        cancellationToken);

    public async Task EndedAsync(EditJournal log, CancellationToken cancellationToken)
    {
        if (EditEnd.WhyNot(log) is { } problem)
        {
            await FailAsync(problem, cancellationToken);
            return;
        }

        foreach (var output in log.Outputs)
        {
            await using var picture = await StoredPicture.OpenAsync(objects, output, cancellationToken);
            await WriteAsync(
                "image_edit.completed",
                async json =>
                {
                    await StoredPicture.WriteAsync(json, "b64_json", picture, cancellationToken);
                    json.WriteString(FieldNames.OutputFormat, ImagesAnswer.FormatOf(output));
                    WriteUsage(json);
                },
                cancellationToken,
                dialect.SizeOf(output));
        }

        HasEnded = true;
    }

    /// <summary>Tells that there will be no result.</summary>
    public async Task FailAsync(Problem problem, CancellationToken cancellationToken)
    {
        HasEnded = true;
        await sse.WriteEventAsync(
            "error", (stream, token) => JsonSerializer.SerializeAsync(stream, new OpenAiErrorBody(OpenAiProblems.BodyOf(problem)), ContractJson.Options, token), cancellationToken);
    }

    private Task WriteAsync(string type, Func<Utf8JsonWriter, Task> members, CancellationToken cancellationToken, string? size = null) => sse.WriteEventAsync(
        type,
        async (stream, token) =>
        {
            await using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteNumber("created_at", time.GetUtcNow().ToUnixTimeSeconds());
            json.WriteString(OpenAiFields.Size, size ?? dialect.SceneSize);
            json.WriteString(OpenAiFields.Quality, Auto);
            json.WriteString(FieldNames.Background, Auto);
            await members(json);
            json.WriteEndObject();
            await json.FlushAsync(token);
        },
        cancellationToken);

    // Their clients expect it of a result; nothing here is counted in tokens.
    private static void WriteUsage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage");
        foreach (var name in new[] { "input_tokens", "output_tokens", "total_tokens" })
            json.WriteNumber(name, 0);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("image_tokens", 0);
        json.WriteNumber("text_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
