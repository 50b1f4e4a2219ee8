using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Cli.Benchmarks;

/// <summary>
/// A server that speaks OpenAI's <c>POST /v1/images/edits</c>: the mask's transparent pixels are edited, the first picture is the scene. OpenAI's API has no seeds; to other models
/// than OpenAI's own the case's seed is sent beside.
/// </summary>
/// <param name="http">With its base address and key; belongs to this editor.</param>
/// <param name="model">The model's id.</param>
public sealed class OpenAiEditor(HttpClient http, string model) : IPictureEditor
{
    // Their API refuses a field that it does not have.
    private static readonly string[] s_theirs = ["gpt-image-", "chatgpt-image-", "dall-e-"];

    /// <inheritdoc/>
    public string Name => model;

    /// <inheritdoc/>
    public bool Trivial => false;

    /// <inheritdoc/>
    public async Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent
        {
            { File(PictureEncoder.Png(pictures.Scene)), "image[]", "scene.png" },
            { File(PictureEncoder.Png(Transparent(pictures.Scene, mask))), "mask", "mask.png" },
            { new StringContent(read.Instruction), "prompt" },
            { new StringContent(model), "model" },
            { new StringContent("b64_json"), "response_format" },
        };
        if (!s_theirs.Any(family => model.StartsWith(family, StringComparison.Ordinal)))
            form.Add(new StringContent(read.Seed.ToString(CultureInfo.InvariantCulture)), "seed");
        if (pictures.Subject is { } subject)
            form.Add(File(PictureEncoder.Png(subject)), "image[]", "subject.png");
        using var response = await http.PostAsync(new Uri("/v1/images/edits", UriKind.Relative), form, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new EditFailedException($"{(int)response.StatusCode}: {body}");
        try
        {
            using var json = JsonDocument.Parse(body);
            var picture = Convert.FromBase64String(json.RootElement.GetProperty("data")[0].GetProperty("b64_json").GetString()!);
            return new EditOutcome(PictureDecoder.Decode(picture).Pixels.Over(255, 255, 255));
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or PictureException or IndexOutOfRangeException)
        {
            throw new EditFailedException($"The answer holds no picture: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static ByteArrayContent File(byte[] png) => new(png) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };

    private static RgbaImage Transparent(RgbImage scene, Mask mask)
    {
        var result = scene.ToRgba();
        for (var i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] != 0)
                result.Pixels[(i * 4) + 3] = 0;
        }
        return result;
    }
}
