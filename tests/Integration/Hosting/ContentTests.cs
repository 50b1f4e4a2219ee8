using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Tests.EndToEnd.Pictures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>Workers in processes of their own that screen what they read and paint, with a real ONNX file.</summary>
public sealed class ContentTests(Cloud cloud) : CloudTest(cloud)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-content-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (string, string)[] settings = [.. ColourClassifier.Settings(ColourClassifier.Write(_folder)), ("Content__TimeLimit", "00:01:00")];
        await Task.WhenAll(Cloud.Understanding.TerminateAsync(), Cloud.Generation.TerminateAsync());
        await Task.WhenAll(Cloud.ReplaceUnderstandingAsync(settings), Cloud.ReplaceGenerationAsync(settings));
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Each_stage_rejects_what_it_sees_and_goes_on_after_its_classifier_was_killed()
    {
        var input = await EndedAsync(Plain(230, 20, 20), ColourClassifier.Seed(red: false));
        ErrorOf(input).ShouldBe(("failed", "input_rejected", false), input.ToString());

        var output = await EndedAsync(Scenes.PhotographPng(48, 48), ColourClassifier.Seed(red: true));
        ErrorOf(output).ShouldBe(("failed", "output_rejected", false), output.ToString());
        var id = output.GetProperty("id").GetString()!;
        foreach (var path in new[] { "outputs/0", "preview" })
        {
            using var answer = await Cloud.Gateway.Http.GetAsync($"/v1/edits/{id}/{path}", Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
        Directory.EnumerateFiles(Cloud.Objects, "*", SearchOption.AllDirectories)
            .Where(path => path.Contains(id, StringComparison.Ordinal) && Path.GetFileName(path) is var name && (name.StartsWith("output-", StringComparison.Ordinal) || name.StartsWith("preview-", StringComparison.Ordinal)))
            .ShouldBeEmpty();

        foreach (var worker in new[] { Cloud.Understanding, Cloud.Generation })
            Process.GetProcessById(await ClassifierOfAsync(worker)).Kill();
        var fine = await EndedAsync(Scenes.PhotographPng(48, 48), ColourClassifier.Seed(red: false));
        Cloud.StatusOf(fine).ShouldBe("succeeded", $"{fine}\n{Cloud.Understanding.Log}\n{Cloud.Generation.Log}");
        fine.GetProperty("attempts").GetArrayLength().ShouldBe(2);
    }

    private async Task<JsonElement> EndedAsync(byte[] scene, uint seed)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(scene), "scene", "scene.png" },
            { new StringContent("""[{"type":"rectangle","x":0,"y":0,"width":48,"height":48}]"""), "mask_shapes" },
            { new StringContent("Remove it."), "instruction" },
            { new StringContent($"{seed}"), "seed" },
            { new StringContent("2"), "steps" },
        };
        using var answer = await Cloud.Gateway.Http.PostAsync("/v1/edits", form, Token);
        var job = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        ((int)answer.StatusCode).ShouldBe(202, job.ToString());
        return await Cloud.EndedAsync(job.GetProperty("id").GetString()!);
    }

    private static (string, string?, bool) ErrorOf(JsonElement job) => job.GetProperty("error") is { ValueKind: JsonValueKind.Object } error
        ? (Cloud.StatusOf(job), error.GetProperty("code").GetString(), error.GetProperty("retryable").GetBoolean())
        : (Cloud.StatusOf(job), null, false);

    // The worker's only child (proc(5)).
    private static async Task<int> ClassifierOfAsync(ServiceProcess worker)
    {
        var children = await Task.WhenAll(Directory.EnumerateDirectories($"/proc/{worker.Id}/task").Select(task => File.ReadAllTextAsync(Path.Combine(task, "children"), Token)));
        return int.Parse(children.SelectMany(list => list.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldHaveSingleItem(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Plain(byte red, byte green, byte blue)
    {
        var picture = new RgbImage(48, 48);
        for (var i = 0; i < picture.Pixels.Length; i += 3)
            (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2]) = (red, green, blue);
        return PictureEncoder.Png(picture);
    }
}
