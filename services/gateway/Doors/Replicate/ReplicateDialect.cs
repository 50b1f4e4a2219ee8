using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>A new prediction as an edit: <c>input</c> holds its fields; without a mask the whole picture is edited.</summary>
/// <param name="models">What versions there are.</param>
/// <param name="model">The model that the path names; null where the body names a version.</param>
/// <param name="server">Where the client reaches the server.</param>
/// <param name="deadline">Until when it has to begin, UTC; null without a wish of the client's.</param>
internal sealed class ReplicateDialect(ModelVersions models, ModelVersion? model, string server, DateTime? deadline) : IEditDialect
{
    private const string Completed = "completed";

    // Of results nothing can be told before the edit has succeeded, and what a log would say nobody is woken for.
    private static readonly Dictionary<string, string[]> s_events = new(StringComparer.Ordinal)
    {
        ["start"] = ["edit.started"],
        ["output"] = ["edit.succeeded"],
        ["logs"] = [],
        [Completed] = ["edit.succeeded", "edit.failed", "edit.canceled", "edit.expired"],
    };

    public EditDoor? Door { get; private set; }

    public FieldUse UseOf(string name) =>
        name == ReplicateFields.Version && model is not null ? throw Unknown(name) : ReplicateFields.UseOf(name) ?? throw Unknown(name);

    public void Complete(EditFields fields)
    {
        if (!fields.Names.Contains(ReplicateFields.Input))
            throw Refused(ErrorCodes.InstructionRequired, "Send the model's inputs as 'input'.", ReplicateFields.Input);
        if (fields.Picture(FieldNames.Scene) is null)
            throw Refused(ErrorCodes.SceneRequired, "Send the picture to edit as 'image'.", FieldNames.Scene);
        if (fields.Text(FieldNames.Instruction) is null)
            throw Refused(ErrorCodes.InstructionRequired, "Say in 'prompt' what is to happen, for example 'remove the chair'.", FieldNames.Instruction);
        // Every prediction can be streamed.
        _ = fields.Truth(ReplicateFields.Stream);

        var version = model ?? models.Find(fields.Choice(ReplicateFields.Version) ?? throw Refused(ErrorCodes.UnknownModel, "Name the model's version.", FieldNames.Model))
            ?? throw Refused(ErrorCodes.UnknownModel, "The specified version does not exist (or perhaps you don't have permission to use it?)", FieldNames.Model);
        if (model is not null)
            fields.Meet(FieldNames.Model); // The path is a part of the request.
        fields.Put(FieldNames.Model, version.Card.Id);
        foreach (var name in new[] { FieldNames.Scene, FieldNames.Mask, FieldNames.Subject })
            TakeOwnFile(fields, name);
        if (fields.Choice(FieldNames.OutputFormat) == "jpg")
            fields.Put(FieldNames.OutputFormat, "jpeg");
        if (fields.Picture(FieldNames.Mask) is null && fields.Tree(FieldNames.MaskShapes) is null)
            fields.Put(FieldNames.MaskShapes, WholePicture.Marks);
        var (webhook, events) = Webhooks(fields);
        Door = new EditDoor
        {
            Name = EditDoor.Replicate,
            Server = server,
            Version = version.Id,
            Webhook = webhook,
            WebhookEvents = events,
            Deadline = deadline,
        };
    }

    public void CheckScene(int width, int height)
    {
    }

    // What POST /v1/files gave out, under whatever name the client reaches this server.
    private static void TakeOwnFile(EditFields fields, string name)
    {
        if (fields.Picture(name) is { Reference: { } reference } && Uri.TryCreate(reference, UriKind.Absolute, out var url)
            && url.AbsolutePath.Split(PredictionPaths.File("")) is [_, var id] && Ids.IsWellFormed(id, "ast_"))
        {
            fields.Found(name, new PictureField { Reference = id });
        }
    }

    // The URL and what it is to be told, in the client's words; the fields then say so in ours.
    private static (string? Url, IReadOnlyList<string>? Events) Webhooks(EditFields fields)
    {
        var events = EventsOf(fields);
        if (fields.Choice(ReplicateFields.WebhookCompleted) is { } completed)
        {
            if (fields.Choice(FieldNames.Webhook) is not null)
                throw Wrong(ReplicateFields.WebhookCompleted, "cannot stand beside webhook");
            fields.Put(FieldNames.Webhook, completed);
            events = [Completed];
        }
        if (fields.Choice(FieldNames.Webhook) is not { } url)
            return events is null ? default : throw Wrong(ReplicateFields.WebhookEventsFilter, "is given without webhook, the URL that it is for");
        var wanted = (events ?? [.. s_events.Keys]).SelectMany(name => s_events[name]).Distinct().ToArray();
        if (wanted.Length > 0)
            fields.Put(FieldNames.WebhookEvents, JsonSerializer.Serialize(wanted));
        else
            fields.Put(FieldNames.Webhook, "");
        return (url, events);
    }

    private static IReadOnlyList<string>? EventsOf(EditFields fields)
    {
        if (fields.Tree(ReplicateFields.WebhookEventsFilter) is not { } text)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<List<string?>>(text) is { } names && names.All(name => name is not null && s_events.ContainsKey(name)))
                return names is { Count: > 0 } ? [.. names.OfType<string>().Distinct()] : null;
        }
        catch (JsonException)
        {
        }
        throw Wrong(ReplicateFields.WebhookEventsFilter, $"must be a list of {string.Join(", ", s_events.Keys)}");
    }

    private static ProblemException Unknown(string name) => new(FieldNames.Unknown(name, ReplicateFields.All));

    private static ProblemException Wrong(string field, string what) => new(Problem.Malformed($"{field} {what}.", field));

    private static ProblemException Refused(string code, string detail, string field) => new(Problem.Unprocessable(code, detail, field));
}
