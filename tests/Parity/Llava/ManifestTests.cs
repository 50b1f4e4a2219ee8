using System.Text.Json;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llava;
using FlexEdit.Models.QFormer;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llava;

public sealed class ManifestTests
{
    [Theory]
    [InlineData("clip-vit-l-14-vision")]
    [InlineData("clip-vit-l-14-336-vision")]
    [InlineData("clip-vit-h-14-vision")]
    public void Image_encoders_have_every_tensor_of_the_published_checkpoints(string manifest) =>
        Compare(manifest, config => new ClipVisionModelWithProjection(PublishedConfig.Parse<ClipVisionConfig>(config), META));

    [Fact]
    public void Text_encoder_has_every_tensor_of_the_published_checkpoint() =>
        Compare("clip-vit-l-14-text", config => new ClipTextModel(PublishedConfig.Parse<ClipTextConfig>(config), META));

    [Fact]
    public void Llava_has_every_tensor_of_the_published_checkpoint() =>
        Compare("llava-1.5-7b", config => new LlavaForConditionalGeneration(PublishedConfig.Parse<LlavaConfig>(config), META));

    [Fact]
    public void Query_transformer_has_every_tensor_of_the_published_size() =>
        Compare("qformer-smartedit-like", config => new QFormerModel(PublishedConfig.Parse<QFormerConfig>(config), META));

    private static void Compare(string manifest, Func<string, nn.Module> build)
    {
        using var scope = NewDisposeScope();
        using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(manifest)));
        var published = json.RootElement.GetProperty("tensors").EnumerateObject()
            .Select(t => $"{t.Name} [{string.Join(", ", t.Value.EnumerateArray().Select(d => d.GetInt64()))}]");
        var network = build(json.RootElement.GetProperty("config").GetRawText());
        var ours = network.state_dict().Select(t => $"{t.Key} [{string.Join(", ", t.Value.shape)}]");

        ours.Order(StringComparer.Ordinal).ShouldBe(published.Order(StringComparer.Ordinal));
        network.parameters().Sum(p => p.NumberOfElements).ShouldBe(json.RootElement.GetProperty("parameters").GetInt64());
    }
}
