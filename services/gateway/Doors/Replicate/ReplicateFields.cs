using FlexEdit.Gateway.Assets;
using FlexEdit.Gateway.Edits.SubmitEdit;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>The fields of a new prediction, and what each of them becomes.</summary>
internal static class ReplicateFields
{
    public const string Input = "input";
    public const string Version = "version";
    public const string Webhook = "webhook";
    public const string WebhookEventsFilter = "webhook_events_filter";
    public const string WebhookCompleted = "webhook_completed";
    public const string Stream = "stream";
    public const string Image = "image";
    public const string Prompt = "prompt";
    public const string Outputs = "num_outputs";
    public const string InferenceSteps = "num_inference_steps";

    /// <summary>What the inputs become; the first of two names is the one that predictions show.</summary>
    private static readonly (string Name, string Field)[] s_inputs =
    [
        (Image, FieldNames.Scene), (FieldNames.Mask, FieldNames.Mask), (FieldNames.Subject, FieldNames.Subject), (Prompt, FieldNames.Instruction), (Outputs, FieldNames.N), (FieldNames.N, FieldNames.N),
        (FieldNames.Seed, FieldNames.Seed), (InferenceSteps, FieldNames.Steps), (FieldNames.Steps, FieldNames.Steps), (FieldNames.GuidanceScale, FieldNames.GuidanceScale),
        (FieldNames.ImageGuidanceScale, FieldNames.ImageGuidanceScale), (FieldNames.SubjectScale, FieldNames.SubjectScale), (FieldNames.MaskPolarity, FieldNames.MaskPolarity),
        (FieldNames.MaskShapes, FieldNames.MaskShapes), (FieldNames.Background, FieldNames.Background), (FieldNames.Profile, FieldNames.Profile), (FieldNames.OutputFormat, FieldNames.OutputFormat),
    ];

    private static readonly string[] s_own = [Input, Version, Webhook, WebhookEventsFilter, WebhookCompleted, Stream];

    /// <summary>All names that may be sent.</summary>
    public static IEnumerable<string> All { get; } = [.. s_own, .. s_inputs.Select(input => $"{Input}.{input.Name}")];

    /// <summary>What a field becomes; null where there is no such field.</summary>
    public static FieldUse? UseOf(string name)
    {
        if (name == Input)
            return new FieldUse(Input, FieldShape.Fields);
        if (s_own.Contains(name))
            return new FieldUse(name == Webhook ? FieldNames.Webhook : name);
        var (_, field) = Array.Find(s_inputs, input => name == $"{Input}.{input.Name}");
        return field is null ? null : new FieldUse(field, field is FieldNames.Scene or FieldNames.Mask or FieldNames.Subject ? FieldShape.Picture : FieldShape.Value);
    }

    /// <summary>The name under which the client knows a field.</summary>
    public static string NameOf(string field) => field switch
    {
        FieldNames.Model => Version,
        FieldNames.WebhookEvents => WebhookEventsFilter,
        UploadAsset.File => FileRoutes.Content,
        _ => Array.Find(s_inputs, input => input.Field == field) is { Name: { } name } ? $"{Input}.{name}" : field,
    };
}
