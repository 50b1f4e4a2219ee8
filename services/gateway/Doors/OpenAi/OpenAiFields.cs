using System.Text.RegularExpressions;
using FlexEdit.Gateway.Edits.SubmitEdit;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>The fields of OpenAI's image edit call, and what each of them becomes.</summary>
internal static partial class OpenAiFields
{
    public const string Image = "image";
    public const string Images = "images";
    public const string Prompt = "prompt";
    public const string Size = "size";
    public const string Stream = "stream";
    public const string PartialImages = "partial_images";
    public const string ResponseFormat = "response_format";
    public const string Quality = "quality";
    public const string InputFidelity = "input_fidelity";
    public const string OutputCompression = "output_compression";
    public const string Moderation = "moderation";
    public const string User = "user";

    /// <summary>OpenAI's <c>background</c>: another thing than this API's field of that name.</summary>
    public const string ImageBackground = "image_background";

    /// <summary>Fields that only this door has, by their names among <see cref="EditFields"/>.</summary>
    private static readonly HashSet<string> s_own =
        [Size, Stream, PartialImages, ResponseFormat, Quality, InputFidelity, OutputCompression, Moderation, User];

    /// <summary>Fields with one name and one meaning on both sides; the second line is more than OpenAI has.</summary>
    private static readonly HashSet<string> s_shared =
    [
        FieldNames.Model, FieldNames.N, FieldNames.OutputFormat,
        FieldNames.Seed, FieldNames.Steps, FieldNames.GuidanceScale, FieldNames.ImageGuidanceScale, FieldNames.SubjectScale, FieldNames.Profile, FieldNames.MaskPolarity,
        FieldNames.MaskShapes, FieldNames.Metadata,
    ];

    /// <summary>All names that may be sent.</summary>
    public static IEnumerable<string> All { get; } =
        [Image, $"{Image}[]", Images, FieldNames.Mask, Prompt, FieldNames.Background, .. s_own, .. s_shared];

    /// <summary>Whether a field has one meaning here and at <c>POST /v1/edits</c>.</summary>
    public static bool IsShared(string name) => s_shared.Contains(name);

    /// <summary>Whether a name is <c>image</c>, <c>image[]</c>, <c>image[0]</c>, or an item of <c>images</c>.</summary>
    public static bool IsImage(string name) => ImageName.IsMatch(name);

    /// <summary>What a field that is no image becomes; null where there is no such field.</summary>
    public static FieldUse? UseOf(string name) => name switch
    {
        Images => new FieldUse(Images, FieldShape.List),
        FieldNames.Mask => new FieldUse(FieldNames.Mask, FieldShape.PictureReference),
        Prompt => new FieldUse(FieldNames.Instruction),
        FieldNames.Background => new FieldUse(ImageBackground),
        _ => s_own.Contains(name) || s_shared.Contains(name) ? new FieldUse(name) : null,
    };

    /// <summary>The name under which the client knows a field.</summary>
    public static string NameOf(string name) => name switch
    {
        FieldNames.Scene or FieldNames.Subject => Image,
        FieldNames.Instruction => Prompt,
        ImageBackground => FieldNames.Background,
        _ => name,
    };

    [GeneratedRegex(@"^(image(\[[0-9]{0,3}\])?|images\[\])\z")]
    private static partial Regex ImageName { get; }
}
