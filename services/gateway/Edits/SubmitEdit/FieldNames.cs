using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>The fields of <c>POST /v1/edits</c> and of <c>POST /v1/edits/{id}/approve</c>.</summary>
internal static class FieldNames
{
    public const string Scene = "scene";
    public const string Mask = "mask";
    public const string Subject = "subject";
    public const string MaskPolarity = "mask_polarity";
    public const string MaskShapes = "mask_shapes";
    public const string Instruction = "instruction";
    public const string Model = "model";
    public const string N = "n";
    public const string Seed = "seed";
    public const string Steps = "steps";
    public const string GuidanceScale = "guidance_scale";
    public const string ImageGuidanceScale = "image_guidance_scale";
    public const string SubjectScale = "subject_scale";
    public const string Profile = "profile";
    public const string Background = "background";
    public const string OutputFormat = "output_format";
    public const string Metadata = "metadata";
    public const string PauseAfter = "pause_after";
    public const string Label = "label";
    public const string Webhook = "webhook";
    public const string WebhookEvents = "webhook_events";
    public const string ReplayOf = "replay_of";

    private const int LongestShown = 64;

    private static readonly HashSet<string> Pictures = [Scene, Mask, Subject];

    private static readonly HashSet<string> Values =
    [
        MaskPolarity, MaskShapes, Instruction, Model, N, Seed, Steps, GuidanceScale, ImageGuidanceScale, SubjectScale,
        Profile, Background, OutputFormat, Metadata, PauseAfter, Webhook, WebhookEvents, ReplayOf,
    ];

    /// <summary>As <see cref="UseOf"/>, of an approval.</summary>
    /// <exception cref="ProblemException">422: an approval has no such field.</exception>
    public static FieldUse UseOfApproval(string name) => name switch
    {
        Mask => new FieldUse(name, FieldShape.Picture),
        MaskShapes or MaskPolarity or Instruction or Label => new FieldUse(name),
        _ => throw new ProblemException(Problem.Unprocessable(
            ErrorCodes.UnknownField,
            $"An approval may correct {Label}, {Instruction} and {Mask} (or {MaskShapes}, {MaskPolarity}), and nothing else.",
            Shown(name))),
    };

    /// <summary>As <see cref="UseOf"/>, of an inspection.</summary>
    /// <exception cref="ProblemException">422: an inspection has no such field.</exception>
    public static FieldUse UseOfInspection(string name) => name switch
    {
        Scene or Mask => new FieldUse(name, FieldShape.Picture),
        MaskShapes or MaskPolarity => new FieldUse(name),
        _ => throw new ProblemException(Problem.Unprocessable(
            ErrorCodes.UnknownField, $"An inspection has {Scene}, {Mask} (or {MaskShapes}) and {MaskPolarity}, and nothing else.", Shown(name))),
    };

    /// <summary>What a field of a new edit is.</summary>
    /// <exception cref="ProblemException">422: there is no such field.</exception>
    public static FieldUse UseOf(string name)
    {
        if (Pictures.Contains(name))
            return new FieldUse(name, FieldShape.Picture);
        if (Values.Contains(name))
            return new FieldUse(name);
        throw new ProblemException(Unknown(name, Pictures.Concat(Values)));
    }

    /// <summary>The refusal of a field that is none of <paramref name="known"/>.</summary>
    public static Problem Unknown(string name, IEnumerable<string> known) => Problem.Unprocessable(
        ErrorCodes.UnknownField, $"There is no field '{Shown(name)}'; the fields are {string.Join(", ", known)}.", Shown(name));

    private static string Shown(string name) => name.Length <= LongestShown ? name : name[..LongestShown];
}
