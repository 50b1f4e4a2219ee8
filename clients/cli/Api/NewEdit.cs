namespace FlexEdit.Cli.Api;

/// <summary>What is sent to <c>POST /v1/edits</c>. Fields that are null are left to the server.</summary>
public sealed record NewEdit
{
    /// <summary>x1: a picture file.</summary>
    public required string ScenePath { get; init; }
    /// <summary>m: a picture file; null when <see cref="Shapes"/> are given.</summary>
    public string? MaskPath { get; init; }
    /// <summary>How a mask file is meant.</summary>
    public string? MaskPolarity { get; init; }
    /// <summary>m: a JSON list of marks; null when <see cref="MaskPath"/> is given.</summary>
    public string? Shapes { get; init; }
    /// <summary>x2: a picture file; null for a single-image edit.</summary>
    public string? SubjectPath { get; init; }
    /// <summary>τ.</summary>
    public required string Instruction { get; init; }
    /// <summary>Model id.</summary>
    public string? Model { get; init; }
    /// <summary>Results wanted, 1 to 4.</summary>
    public int? N { get; init; }
    /// <summary>First seed.</summary>
    public uint? Seed { get; init; }
    /// <summary>Sampler steps.</summary>
    public int? Steps { get; init; }
    /// <summary>Text guidance.</summary>
    public double? GuidanceScale { get; init; }
    /// <summary>Image guidance.</summary>
    public double? ImageGuidanceScale { get; init; }
    /// <summary>λ of eq. 7.</summary>
    public double? SubjectScale { get; init; }
    /// <summary><c>preserve</c> or <c>free</c>.</summary>
    public string? Background { get; init; }
    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    public string? OutputFormat { get; init; }
    /// <summary><c>understanding</c>: stop there until the edit is approved.</summary>
    public string? PauseAfter { get; init; }

    /// <summary>The request body. The files are opened here and closed with it.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public MultipartFormDataContent ToContent()
    {
        var content = new MultipartFormDataContent();
        content.AddFile("scene", ScenePath);
        content.AddFile("mask", MaskPath);
        content.AddFile("subject", SubjectPath);
        content.AddText("mask_polarity", MaskPolarity);
        content.AddText("mask_shapes", Shapes);
        content.AddText("instruction", Instruction);
        content.AddText("model", Model);
        content.AddText("n", N);
        content.AddText("seed", Seed);
        content.AddText("steps", Steps);
        content.AddText("guidance_scale", GuidanceScale);
        content.AddText("image_guidance_scale", ImageGuidanceScale);
        content.AddText("subject_scale", SubjectScale);
        content.AddText("background", Background);
        content.AddText("output_format", OutputFormat);
        content.AddText("pause_after", PauseAfter);
        return content;
    }
}
