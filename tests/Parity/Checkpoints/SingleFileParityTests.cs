using System.Text.Json;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Checkpoints.StableDiffusion;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Checkpoints;

/// <summary>Stable Diffusion as one file under the original names, and the same weights as a diffusers folder.</summary>
public sealed class SingleFileParityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-single-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, FixtureCases("single-file")]
    public void Three_networks_of_one_file_match_the_reference(string name)
    {
        using var fixture = FixtureCase.Open(name);
        using var weights = StableDiffusionWeights.Open(fixture.File("model.safetensors"));
        weights.IsSingleFile.ShouldBeTrue();
        weights.HasAverage.ShouldBeFalse();
        Check(fixture, weights);
    }

    [Theory, FixtureCases("single-file")]
    public void The_same_weights_as_a_diffusers_folder_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var single = StableDiffusionWeights.Open(fixture.File("model.safetensors"));
        var (unet, vae, text) = Networks(fixture);
        single.Load(unet);
        single.Load(vae);
        single.Load(text);
        foreach (var (part, stem, network) in new (string, string, nn.Module)[] { ("unet", "diffusion_pytorch_model", unet), ("vae", "diffusion_pytorch_model", vae), ("text_encoder", "model", text) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, part));
            // The denoising network in shards: folders hold either form.
            SafetensorsWriter.WriteSharded(Path.Combine(_folder, part), stem, network.state_dict().Select(t => TensorToWrite.Of(t.Key, t.Value)), part == "unet" ? 200_000 : long.MaxValue);
        }
        using var weights = StableDiffusionWeights.Open(_folder);
        Check(fixture, weights);
    }

    [Theory, FixtureCases("single-file")]
    public void Averaged_weights_are_taken_when_asked_for(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        const string prefix = "model.diffusion_model.";
        var path = Path.Combine(_folder, "averaged.safetensors");
        // The trained weights are zero and the averaged ones the fixture's, as in the published InstructPix2Pix file.
        SafetensorsWriter.Write(path, fixture.Model.Tensors.Keys.SelectMany(n => n.StartsWith(prefix, StringComparison.Ordinal)
            ? new Dictionary<string, Tensor> { [n] = zeros_like(fixture.Model.Read(n)), ["model_ema." + n["model.".Length..].Replace(".", "", StringComparison.Ordinal)] = fixture.Model.Read(n) }
            : new Dictionary<string, Tensor> { [n] = fixture.Model.Read(n) })
            .Append(new("model_ema.decay", tensor(0.9999f))).Append(new("model_ema.num_updates", tensor(7))).Append(new("alphas_cumprod", ones(10)))
            .Append(new("cond_stage_model.transformer.text_model.embeddings.position_ids", arange(12).unsqueeze(0))));
        using var weights = StableDiffusionWeights.Open(path);
        weights.HasAverage.ShouldBeTrue();
        Check(fixture, weights, average: true);

        using var unet = Networks(fixture).Unet;
        weights.Load(unet);
        unet.parameters().Max(p => p.abs().max().item<float>()).ShouldBe(0);
    }

    [Fact]
    public void Every_name_of_the_full_size_file_is_its_diffusers_name()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest("stable-diffusion-1.5-single-file")));
        var (unetConfig, vaeConfig) = (Config("stable-diffusion-1.5-unet"), Config("stable-diffusion-vae"));
        var unet = new OriginalUnetNames(UNet2DConditionConfig.Parse(unetConfig));
        var vae = new OriginalAutoencoderNames(AutoencoderKLConfig.FromJson(vaeConfig));
        var count = 0;
        foreach (var tensor in manifest.RootElement.GetProperty("tensors").EnumerateObject())
        {
            Ours(tensor.Name).ShouldBe(tensor.Value[0].GetString(), tensor.Name);
            count++;
        }
        count.ShouldBeGreaterThan(1000);

        string Ours(string name) => name switch
        {
            _ when name.StartsWith("model.diffusion_model.", StringComparison.Ordinal) => "unet." + unet.ToDiffusers(name["model.diffusion_model.".Length..]),
            _ when name.StartsWith("first_stage_model.", StringComparison.Ordinal) => "vae." + vae.ToDiffusers(name["first_stage_model.".Length..]),
            _ => "text_encoder." + name["cond_stage_model.transformer.".Length..],
        };
        static string Config(string name)
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(name)));
            return json.RootElement.GetProperty("config").GetRawText();
        }
    }

    [Theory, FixtureCases("single-file")]
    public void Blocks_that_the_network_lacks_are_all_named(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var path = Path.Combine(_folder, "more.safetensors");
        SafetensorsWriter.Write(path, fixture.Model.Tensors.Keys.Where(n => !n.EndsWith("conv_in.bias", StringComparison.Ordinal)).ToDictionary(n => n, n => fixture.Model.Read(n))
            .Append(new("model.diffusion_model.input_blocks.99.0.in_layers.0.weight", ones(4))).Append(new("model.diffusion_model.odd", ones(4))));
        using var weights = StableDiffusionWeights.Open(path);
        var (unet, vae, _) = Networks(fixture);

        Should.Throw<CheckpointException>(() => weights.Load(unet)).Message.ShouldContain("Unexpected (2): ?input_blocks.99.0.in_layers.0.weight, ?odd.");
        Should.Throw<CheckpointException>(() => weights.Load(vae)).Message.ShouldContain("Missing (2): decoder.conv_in.bias, encoder.conv_in.bias.");
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(_folder, "other.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["unet.conv_in.weight"] = ones(1) });
        Should.Throw<CheckpointException>(() => StableDiffusionWeights.Open(path)).Message.ShouldContain("is not a Stable Diffusion file");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["model.diffusion_model.out.0.weight"] = ones(1), ["cond_stage_model.model.ln_final.weight"] = ones(1) });
        Should.Throw<CheckpointException>(() => StableDiffusionWeights.Open(path)).Message.ShouldContain("OpenCLIP");
        using var empty = StableDiffusionWeights.Open(_folder);
        Should.Throw<CheckpointException>(() => empty.Load(new AutoencoderKL(new AutoencoderKLConfig(), META))).Message.ShouldContain("has no folder 'vae'");
    }

    private static void Check(FixtureCase fixture, StableDiffusionWeights weights, bool average = false)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (unet, vae, text) = Networks(fixture);
        weights.Load(unet, average);
        weights.Load(vae);
        weights.Load(text);
        var hidden = text.Forward(fixture.Input("input_ids"));
        hidden.ShouldMatch(fixture.Output("encoder_hidden_states"), fixture.Tolerance, "encoder_hidden_states");
        unet.forward(fixture.Input("sample"), fixture.Input("timestep"), unet.PrepareKeysValues(hidden)).ShouldMatch(fixture.Output("noise_prediction"), fixture.Tolerance, "noise_prediction");
        var latent = vae.EncodePosterior(fixture.Input("image")).Mean;
        latent.ShouldMatch(fixture.Output("image_latent"), fixture.Tolerance, "image_latent");
        vae.DecodeUnscaled(fixture.Input("sample")).ShouldMatch(fixture.Output("decoded"), fixture.Tolerance, "decoded");
    }

    private static (UNet2DConditionModel Unet, AutoencoderKL Vae, ClipTextModel Text) Networks(FixtureCase fixture) =>
        (new(UNet2DConditionConfig.Parse(fixture.Config.GetProperty("unet").GetRawText())),
         new(AutoencoderKLConfig.FromJson(fixture.Config.GetProperty("vae").GetRawText())),
         new(PublishedConfig.Parse<ClipTextConfig>(fixture.Config.GetProperty("text_encoder").GetRawText())));
}
