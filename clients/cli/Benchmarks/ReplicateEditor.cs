using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Cli.Benchmarks;

/// <summary>A server that speaks Replicate's predictions, with the inputs <c>image</c>, <c>mask</c> (white is edited), <c>subject</c>, <c>prompt</c> and <c>seed</c>.</summary>
/// <param name="http">With its base address and key; belongs to this editor.</param>
/// <param name="model"><c>owner/name</c>, or a version.</param>
public sealed class ReplicateEditor(HttpClient http, string model) : IPictureEditor
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(0.5);

    /// <inheritdoc/>
    public string Name => model;

    /// <inheritdoc/>
    public bool Trivial => false;

    /// <inheritdoc/>
    public async Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken)
    {
        var input = new JsonObject
        {
            ["image"] = DataUri(pictures.Scene),
            ["mask"] = DataUri(GrayImage.Of(mask)),
            ["prompt"] = read.Instruction,
            ["seed"] = read.Seed,
        };
        if (pictures.Subject is { } subject)
            input["subject"] = DataUri(subject);
        var named = model.Contains('/', StringComparison.Ordinal);
        var body = new JsonObject { ["input"] = input };
        if (!named)
            body["version"] = model;
        using var request = new HttpRequestMessage(HttpMethod.Post, named ? $"/v1/models/{model}/predictions" : "/v1/predictions") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Prefer", "wait=60");
        try
        {
            var prediction = await SendAsync(request, cancellationToken);
            while (prediction.GetProperty("status").GetString() is "starting" or "processing")
            {
                await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
                using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/predictions/{prediction.GetProperty("id").GetString()}");
                prediction = await SendAsync(again, cancellationToken);
            }
            if (prediction.GetProperty("status").GetString() != "succeeded")
                throw new EditFailedException($"{prediction.GetProperty("status").GetString()}: {prediction.GetProperty("error")}");
            var output = prediction.GetProperty("output");
            var url = (output.ValueKind == JsonValueKind.Array ? output[0] : output).GetString()!;
            return new EditOutcome(PictureDecoder.Decode(await PictureAsync(url, cancellationToken)).Pixels.Over(255, 255, 255));
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or PictureException or IndexOutOfRangeException)
        {
            throw new EditFailedException($"The answer holds no picture: {problem.Message}", problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)
            : throw new EditFailedException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private async Task<byte[]> PictureAsync(string url, CancellationToken cancellationToken)
    {
        const string Encoded = ";base64,";
        return url.StartsWith("data:", StringComparison.Ordinal)
            ? Convert.FromBase64String(url[(url.IndexOf(Encoded, StringComparison.Ordinal) + Encoded.Length)..])
            : await http.GetByteArrayAsync(new Uri(url, UriKind.RelativeOrAbsolute), cancellationToken);
    }

    private static string DataUri(Raster picture) => $"data:image/png;base64,{Convert.ToBase64String(PictureEncoder.Png(picture))}";
}
