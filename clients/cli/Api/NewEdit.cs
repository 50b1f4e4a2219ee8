using System.Globalization;
using System.Net.Http.Headers;

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

    /// <summary>The request body. The files are opened here and closed with it.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public MultipartFormDataContent ToContent()
    {
        var content = new MultipartFormDataContent();
        AddFile(content, "scene", ScenePath);
        AddFile(content, "mask", MaskPath);
        AddFile(content, "subject", SubjectPath);
        AddText(content, "mask_polarity", MaskPolarity);
        AddText(content, "mask_shapes", Shapes);
        AddText(content, "instruction", Instruction);
        AddText(content, "model", Model);
        AddText(content, "n", N);
        AddText(content, "seed", Seed);
        AddText(content, "steps", Steps);
        AddText(content, "guidance_scale", GuidanceScale);
        AddText(content, "image_guidance_scale", ImageGuidanceScale);
        AddText(content, "subject_scale", SubjectScale);
        AddText(content, "background", Background);
        AddText(content, "output_format", OutputFormat);
        return content;
    }

    private static void AddText(MultipartFormDataContent content, string name, IFormattable? value) =>
        AddText(content, name, value?.ToString(null, CultureInfo.InvariantCulture));

    private static void AddText(MultipartFormDataContent content, string name, string? value)
    {
        if (value is not null)
            content.Add(new StringContent(value), name);
    }

    private static void AddFile(MultipartFormDataContent content, string name, string? path)
    {
        if (path is null)
            return;
        var file = new StreamContent(File.OpenRead(path));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream"); // the server looks at the bytes
        content.Add(file, name, name);
    }
}
