using System.Text.Json;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Dino;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Layouts;

/// <summary>The published checkpoints at full size, by the name and shape of every tensor, on the meta device and so without weights.</summary>
public sealed class FullSizeLayoutTests
{
    private static readonly Dictionary<string, Func<string, nn.Module>> s_networks = new()
    {
        ["clip-vit-h-14-vision"] = config => new ClipVisionModelWithProjection(PublishedConfig.Parse<ClipVisionConfig>(config), META),
        ["clip-vit-l-14-336-vision"] = config => new ClipVisionModelWithProjection(PublishedConfig.Parse<ClipVisionConfig>(config), META),
        ["clip-vit-l-14-text"] = config => new ClipTextModel(PublishedConfig.Parse<ClipTextConfig>(config), META),
        ["clip-vit-l-14-vision"] = config => new ClipVisionModelWithProjection(PublishedConfig.Parse<ClipVisionConfig>(config), META),
        ["dinov2-base"] = config => new DinoV2Model(PublishedConfig.Parse<DinoV2Config>(config), META),
        ["instruct-pix2pix-unet"] = config => new UNet2DConditionModel(UNet2DConditionConfig.Parse(config), META),
        ["llava-1.5-7b"] = config => new LlavaForConditionalGeneration(PublishedConfig.Parse<LlavaConfig>(config), META),
        ["qformer-smartedit-like"] = config => new QFormerModel(PublishedConfig.Parse<QFormerConfig>(config), META),
        ["stable-diffusion-1.5-unet"] = config => new UNet2DConditionModel(UNet2DConditionConfig.Parse(config), META),
        ["stable-diffusion-vae"] = config => new AutoencoderKL(AutoencoderKLConfig.FromJson(config), META),
    };

    /// <summary>Every manifest of a network; a table of names alone has no configuration.</summary>
    public static TheoryData<string> Manifests => [.. FixtureFolder.Manifests.Where(name =>
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(name)));
        return json.RootElement.TryGetProperty("config", out _);
    })];

    [Theory, MemberData(nameof(Manifests))]
    public void Has_every_tensor_of_the_published_checkpoint_in_its_shape(string manifest)
    {
        s_networks.ShouldContainKey(manifest, "A manifest without a network");
        using var scope = NewDisposeScope();
        using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(manifest)));
        using var network = s_networks[manifest](json.RootElement.GetProperty("config").GetRawText());

        var ours = network.state_dict().Select(t => $"{t.Key} [{string.Join(", ", t.Value.shape)}]");

        var published = json.RootElement.GetProperty("tensors").EnumerateObject()
            .Select(t => $"{t.Name} [{string.Join(", ", t.Value.EnumerateArray().Select(size => size.GetInt64()))}]");
        ours.Order(StringComparer.Ordinal).ShouldBe(published.Order(StringComparer.Ordinal));
        network.parameters().Sum(p => p.NumberOfElements).ShouldBe(json.RootElement.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Every_network_has_its_manifest() => s_networks.Keys.ShouldBeSubsetOf(FixtureFolder.Manifests);

    /// <summary>The whole CLIP models by their published numbers of parameters.</summary>
    [Theory]
    [InlineData("ViT-B/32", 32, 224, 768, 12, 512, 512, 12, 151_277_313)]
    [InlineData("ViT-B/16", 16, 224, 768, 12, 512, 512, 12, 149_620_737)]
    [InlineData("ViT-L/14", 14, 224, 1024, 24, 768, 768, 12, 427_616_513)]
    [InlineData("ViT-L/14@336", 14, 336, 1024, 24, 768, 768, 12, 427_944_193)]
    [InlineData("ViT-H/14", 14, 224, 1280, 32, 1024, 1024, 24, 986_109_441)]
    public void Clip_has_the_published_number_of_parameters(string name, int patch, int side, int vision, int visionLayers, int joint, int text, int textLayers, long parameters)
    {
        using var network = new ClipModel(
            new ClipConfig
            {
                ProjectionDim = joint,
                VisionConfig = new ClipVisionConfig { HiddenSize = vision, IntermediateSize = 4 * vision, NumHiddenLayers = visionLayers, NumAttentionHeads = vision / 64, ImageSize = side, PatchSize = patch },
                TextConfig = new ClipTextConfig { HiddenSize = text, IntermediateSize = 4 * text, NumHiddenLayers = textLayers, NumAttentionHeads = text / 64 },
            },
            META);

        network.parameters().Sum(p => p.NumberOfElements).ShouldBe(parameters, name);
    }
}
