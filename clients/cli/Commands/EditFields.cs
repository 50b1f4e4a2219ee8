using System.CommandLine;
using FlexEdit.Cli.Api;

namespace FlexEdit.Cli.Commands;

/// <summary>The options of <c>flexedit edit</c> that are fields of the API's <c>POST /v1/edits</c>.</summary>
public sealed class EditFields
{
    private readonly Option<string> _scene = new("--scene") { Description = "The picture to edit", HelpName = "FILE", Required = true };
    private readonly Option<string?> _mask = new("--mask") { Description = "The free-shape mask, a picture", HelpName = "FILE" };
    private readonly Option<string?> _shapes = new("--shapes") { Description = "Instead of --mask: marks as JSON, or a file of them", HelpName = "JSON|FILE" };
    private readonly Option<string?> _polarity = new("--mask-polarity") { Description = "What the mask's pixels mean (auto)", HelpName = "POLARITY" };
    private readonly Option<string?> _subject = new("--subject") { Description = "A picture of what to put there", HelpName = "FILE" };
    private readonly Option<string> _instruction = new("--instruction", "-i") { Description = "What to do", HelpName = "TEXT", Required = true };
    private readonly Option<string?> _model = new("--model") { Description = "Model (the server's default)", HelpName = "ID" };
    private readonly Option<int?> _n = new("--n") { Description = "Results wanted, 1 to 4", HelpName = "N" };
    private readonly Option<uint?> _seed = new("--seed") { Description = "First seed (drawn and reported)", HelpName = "SEED" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Sampler steps", HelpName = "N" };
    private readonly Option<double?> _guidance = new("--guidance-scale") { Description = "How closely to follow the instruction", HelpName = "X" };
    private readonly Option<double?> _imageGuidance = new("--image-guidance-scale") { Description = "How closely to follow the scene", HelpName = "X" };
    private readonly Option<double?> _subjectScale = new("--subject-scale") { Description = "How closely to follow the subject", HelpName = "X" };
    private readonly Option<string?> _background = new("--background") { Description = "preserve (default) or free", HelpName = "WORD" };
    private readonly Option<string?> _format = new("--format") { Description = "png (default), jpeg or webp", HelpName = "FORMAT" };

    /// <summary>Makes the options known.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_scene, _mask, _shapes, _polarity, _subject, _instruction, _model, _n, _seed, _steps, _guidance, _imageGuidance, _subjectScale, _background, _format])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(_mask) is null) == (result.GetResult(_shapes) is null))
                result.AddError("Give either --mask or --shapes.");
        });
    }

    /// <summary>The request.</summary>
    /// <exception cref="IOException">The file of marks cannot be read.</exception>
    public NewEdit Read(ParseResult parsed) => new()
    {
        ScenePath = parsed.GetRequiredValue(_scene),
        MaskPath = parsed.GetValue(_mask),
        MaskPolarity = parsed.GetValue(_polarity),
        Shapes = parsed.GetValue(_shapes) is { } shapes ? ShapesText.Read(shapes) : null,
        SubjectPath = parsed.GetValue(_subject),
        Instruction = parsed.GetRequiredValue(_instruction),
        Model = parsed.GetValue(_model),
        N = parsed.GetValue(_n),
        Seed = parsed.GetValue(_seed),
        Steps = parsed.GetValue(_steps),
        GuidanceScale = parsed.GetValue(_guidance),
        ImageGuidanceScale = parsed.GetValue(_imageGuidance),
        SubjectScale = parsed.GetValue(_subjectScale),
        Background = parsed.GetValue(_background),
        OutputFormat = parsed.GetValue(_format),
    };
}
