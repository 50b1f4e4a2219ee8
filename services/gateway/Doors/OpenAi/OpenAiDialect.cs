using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>
/// OpenAI's image edit call as an edit: the first image is the scene, the second the subject, transparent pixels of the mask are to be edited, and without
/// a mask the whole picture is.
/// </summary>
internal sealed class OpenAiDialect : IEditDialect
{
    private const int MostPartialImages = 3;
    private const string Auto = "auto";

    private string? _size;
    private int _images;

    /// <summary>Whether the answer is a stream of events.</summary>
    public bool Streams { get; private set; }

    /// <summary>Most pictures on the way that a stream shows, 0 to 3.</summary>
    public int PartialImages { get; private set; }

    /// <summary>Whether results are given as addresses instead of as bytes.</summary>
    public bool WantsUrls { get; private set; }

    /// <summary>The scene's size as OpenAI writes sizes; <c>auto</c> where the scene was not looked at, because an earlier request brought it.</summary>
    public string SceneSize { get; private set; } = Auto;

    public FieldUse UseOf(string name)
    {
        if (!OpenAiFields.IsImage(name))
            return OpenAiFields.UseOf(name) ?? throw new ProblemException(FieldNames.Unknown(name, OpenAiFields.All));
        return new FieldUse(
            ++_images switch
            {
                1 => FieldNames.Scene,
                2 => FieldNames.Subject,
                _ => throw Refused(ErrorCodes.OptionOutOfRange, "image may be given twice: the picture to edit, and a picture of what is to be put there.", FieldNames.Scene),
            },
            FieldShape.PictureReference);
    }

    public void Complete(EditFields fields)
    {
        if (fields.Picture(FieldNames.Scene) is null)
            throw Refused(ErrorCodes.SceneRequired, "Send the picture to edit as 'image'.", FieldNames.Scene);
        if (fields.Text(FieldNames.Instruction) is null)
            throw Refused(ErrorCodes.InstructionRequired, "Say in 'prompt' what is to happen, for example 'remove the chair'.", FieldNames.Instruction);

        Streams = fields.Truth(OpenAiFields.Stream) ?? false;
        PartialImages = (int)ReadOptions.Whole(fields, OpenAiFields.PartialImages, 0, MostPartialImages, 0);
        WantsUrls = ReadOptions.Chosen(fields, OpenAiFields.ResponseFormat, ["b64_json", "url"]) == "url";
        _size = fields.Choice(OpenAiFields.Size);
        if (ReadOptions.Chosen(fields, OpenAiFields.ImageBackground, [Auto, "opaque", "transparent"]) == "transparent")
            throw Refused(ErrorCodes.OptionOutOfRange, "background cannot be transparent: results keep the picture's own background.", OpenAiFields.ImageBackground);
        // Accepted, and without a meaning here: no model has grades of quality, and JPEG and WebP have one compression.
        _ = fields.Choice(OpenAiFields.Quality) ?? fields.Choice(OpenAiFields.InputFidelity) ?? fields.Choice(OpenAiFields.Moderation);
        _ = ReadOptions.Whole(fields, OpenAiFields.OutputCompression, 0, 100, 100);

        if (fields.Choice(FieldNames.Model) is { } model && OpenAiModels.IsTheirs(model))
            fields.Put(FieldNames.Model, "");
        if (fields.Choice(OpenAiFields.User) is { } user && fields.Tree(FieldNames.Metadata) is null)
            fields.Put(FieldNames.Metadata, JsonSerializer.Serialize(new Dictionary<string, string> { [OpenAiFields.User] = user }));
        if (fields.Picture(FieldNames.Mask) is null && fields.Tree(FieldNames.MaskShapes) is null)
            fields.Put(FieldNames.MaskShapes, WholePicture.Marks);
        if (fields.Choice(FieldNames.MaskPolarity) is null)
            fields.Put(FieldNames.MaskPolarity, Decoding.MaskPolarity.TransparentEdits);
    }

    /// <summary>The size of a result: the scene's, also where an earlier request brought it.</summary>
    public string SizeOf(EditOutput output) => SceneSize == Auto ? SizeOf(output.Width, output.Height) : SceneSize;

    private static string SizeOf(int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");

    public void CheckScene(int width, int height)
    {
        SceneSize = SizeOf(width, height);
        if (_size is not (null or Auto) && _size != SceneSize)
            throw Refused(ErrorCodes.OptionOutOfRange, $"size must be auto or {SceneSize}: results have the size of the (first) image.", OpenAiFields.Size);
    }

    private static ProblemException Refused(string code, string detail, string field) => new(Problem.Unprocessable(code, detail, field));
}
