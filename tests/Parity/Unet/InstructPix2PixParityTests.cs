using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Unet;

/// <summary>A whole edit: autoencoder, UNet with image latents beside the noisy ones, three branches and a published scheduler.</summary>
public sealed class InstructPix2PixParityTests
{
    [Theory]
    [FixtureCases("pipeline-instruct-pix2pix")]
    public void Edits_as_the_published_pipeline_does(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var noGrad = no_grad();
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(Config(fixture, "unet")));
        StateDict.Load(unet, fixture.Model, "unet.");
        using var vae = new AutoencoderKL(AutoencoderKLConfig.FromJson(Config(fixture, "vae")));
        vae.Load(fixture.Model, "vae.");
        var scheduler = SchedulerCatalog.Create(SchedulerConfig.FromJson(Config(fixture, "scheduler"), fixture.Config.GetProperty("scheduler_class").GetString()));
        var (textScale, imageScale) = (fixture.Json.GetProperty("guidance_scale").GetDouble(), fixture.Json.GetProperty("image_guidance_scale").GetDouble());

        // The condition is the mode of the posterior and is not scaled, unlike the latents that are denoised.
        var scene = vae.EncodePosterior(fixture.Input("image") * 2 - 1).Mean;
        var negative = fixture.Input("negative_prompt_embeds");
        var cache = CrossAttentionCache.Concat([unet.PrepareKeysValues(fixture.Input("prompt_embeds")), unet.PrepareKeysValues(negative), unet.PrepareKeysValues(negative)]);
        var scenes = cat([scene, scene, zeros_like(scene)]);

        using var state = scheduler.Begin(fixture.Json.GetProperty("steps").GetInt32());
        var expected = fixture.Output("latents_per_step");
        var latents = fixture.Input("latents") * state.Plan.InitialNoiseScale;
        while (!state.IsDone)
        {
            var step = state.StepIndex;
            var input = cat([scheduler.ScaleInput(state, latents).repeat(3, 1, 1, 1), scenes], 1);
            var branches = unet.forward(input, tensor(state.Timestep), cache).chunk(3);
            var guided = ThreeBranchGuidance.Combine(branches[0], branches[1], branches[2], textScale, imageScale);
            latents = scheduler.Step(state, guided, latents);
            latents.ShouldMatch(expected[step], fixture.Tolerance, $"The latents after step {step}");
        }
        state.StepIndex.ShouldBe((int)expected.shape[0]);
        latents.ShouldMatch(fixture.Output("latents"), fixture.Tolerance, "The latents");
        var image = (vae.Decode(latents) / 2 + 0.5).clamp(0, 1);
        image.ShouldMatch(fixture.Output("image"), fixture.Tolerance, "The picture");
    }

    private static string Config(FixtureCase fixture, string part) => fixture.Config.GetProperty(part).GetRawText();
}
