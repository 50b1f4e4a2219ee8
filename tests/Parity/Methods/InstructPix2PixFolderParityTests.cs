using System.Text.Json;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Checkpoints.StableDiffusion;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.Methods.StableDiffusion;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Methods;

/// <summary>The edit method as services run it, from a model folder in each published layout, held to the published pipeline's latents and pixels.</summary>
public sealed class InstructPix2PixFolderParityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-method-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, FixtureCases("pipeline-instruct-pix2pix")]
    public void From_diffusers_folders(string name)
    {
        using var fixture = FixtureCase.Open(name);
        foreach (var part in new[] { "unet", "vae" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, part));
            using var scope = NewDisposeScope();
            SafetensorsWriter.WriteSharded(Path.Combine(_folder, part), "diffusion_pytorch_model", fixture.Model.Tensors.Values
                .Where(t => t.Name.StartsWith(part + ".", StringComparison.Ordinal))
                .Select(t => TensorToWrite.From(fixture.Model, t, name: t.Name[(part.Length + 1)..])), 500_000);
        }
        WriteConfigs(fixture, """{"method":"instruct-pix2pix","resolution":RESOLUTION,"digests":{}}""");
        CheckEdit(fixture);
    }

    [Theory, FixtureCases("pipeline-instruct-pix2pix")]
    public void From_a_single_file_with_averaged_weights(string name)
    {
        using var fixture = FixtureCase.Open(name);
        using (NewDisposeScope())
            SafetensorsWriter.Write(Path.Combine(_folder, "magicbrush.safetensors"), OriginalNames(fixture));
        WriteConfigs(fixture, """{"method":"magicbrush","resolution":RESOLUTION,"weights":"magicbrush.safetensors","digests":{}}""");
        CheckEdit(fixture);
    }

    private void CheckEdit(FixtureCase fixture)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var weights = StableDiffusionFolder.Open(MethodFolder.Open(_folder));
        var loader = new PartLoader();
        var unet = weights.Unet(loader);
        using var model = new StableDiffusionEditModel(unet, weights.Autoencoder(loader), new TextConditioner(unet, fixture.Input("negative_prompt_embeds")), weights.Scheduler(), MethodFolder.Open(_folder).Resolution);
        var embedding = fixture.Input("prompt_embeds");
        var request = new GenerationRequest
        {
            Scene = [], Mask = [], Embedding = [], EmbeddingShape = ((int)embedding.shape[1], (int)embedding.shape[2]), Seed = 0,
            Steps = fixture.Json.GetProperty("steps").GetInt32(), GuidanceScale = fixture.Json.GetProperty("guidance_scale").GetDouble(),
            ImageGuidanceScale = fixture.Json.GetProperty("image_guidance_scale").GetDouble(), SubjectScale = 0,
        };
        using var edit = model.Begin(request, fixture.Input("image") * 2 - 1, embedding, fixture.Input("latents"), new Generator(0));
        var expected = fixture.Output("latents_per_step");
        while (edit.Step < edit.Steps)
        {
            var step = edit.Step;
            model.Step([edit]);
            StableDiffusionEditModel.Latents(edit).ShouldMatch(expected[step], fixture.Tolerance, $"The latents after step {step}");
        }
        (model.Decode(edit) / 2 + 0.5).clamp(0, 1).ShouldMatch(fixture.Output("image"), fixture.Tolerance, "The picture");
    }

    private void WriteConfigs(FixtureCase fixture, string card)
    {
        foreach (var (part, file) in new[] { ("unet", "config.json"), ("vae", "config.json"), ("scheduler", "scheduler_config.json") })
        {
            Directory.CreateDirectory(Path.Combine(_folder, part));
            var text = fixture.Config.GetProperty(part).GetRawText();
            if (part == "scheduler")
                text = $"{{\"_class_name\":\"{fixture.Config.GetProperty("scheduler_class").GetString()}\",{text.TrimStart()[1..]}";
            File.WriteAllText(Path.Combine(_folder, part, file), text);
        }
        File.WriteAllText(Path.Combine(_folder, "card.json"), card.Replace("RESOLUTION", $"{fixture.Inputs.Tensors["image"].Shape[^1]}", StringComparison.Ordinal));
        ModelVerification.Record(_folder);
    }

    /// <summary>The fixture's tensors under the original code's names: the averaged network is the fixture's, the trained one is noise that nobody must read.</summary>
    private static Dictionary<string, Tensor> OriginalNames(FixtureCase fixture)
    {
        var unet = new OriginalUnetNames(UNet2DConditionConfig.Parse(fixture.Config.GetProperty("unet").GetRawText()));
        var vae = new OriginalAutoencoderNames(AutoencoderKLConfig.FromJson(fixture.Config.GetProperty("vae").GetRawText()));
        // Every name that a full-size file has; a smaller network has some of them.
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest("stable-diffusion-1.5-single-file")));
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var original in manifest.RootElement.GetProperty("tensors").EnumerateObject().Select(t => t.Name))
        {
            if (original.StartsWith("model.diffusion_model.", StringComparison.Ordinal) && "unet." + unet.ToDiffusers(original["model.diffusion_model.".Length..]) is var diffusers && fixture.Model.Tensors.ContainsKey(diffusers))
            {
                tensors[original] = randn_like(fixture.Model.Read(diffusers));
                tensors["model_ema." + original["model.".Length..].Replace(".", "", StringComparison.Ordinal)] = fixture.Model.Read(diffusers);
            }
            if (original.StartsWith("first_stage_model.", StringComparison.Ordinal) && "vae." + vae.ToDiffusers(original["first_stage_model.".Length..]) is var own && fixture.Model.Tensors.ContainsKey(own))
                tensors[original] = fixture.Model.Read(own);
        }
        tensors.Count.ShouldBeGreaterThan(fixture.Model.Tensors.Count);
        return tensors;
    }
}
