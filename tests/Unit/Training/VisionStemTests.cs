using System.Text.Json;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Training;

public sealed class VisionStemTests
{
    private static readonly ClipVisionConfig s_plain = new() { HiddenSize = 32, IntermediateSize = 32, NumHiddenLayers = 1, NumAttentionHeads = 2, ImageSize = 32, PatchSize = 8 };

    [Fact]
    public void An_encoder_begins_as_it_was_without_the_convolutions_and_learns_with_them()
    {
        using var scope = NewDisposeScope();
        using var plain = new ClipVisionModel(s_plain);
        using var stemmed = new ClipVisionModel(s_plain with { StemChannels = [8, 16, 24] });
        stemmed.Initialize();
        var shared = plain.state_dict();
        using (no_grad())
        {
            foreach (var (name, weight) in stemmed.state_dict().Where(w => shared.ContainsKey(w.Key)))
                shared[name].copy_(weight);
        }
        var pictures = rand(2, 3, 32, 32);
        var before = stemmed.HiddenState(pictures, -1);
        (before - plain.HiddenState(pictures, -1)).abs().max().item<float>().ShouldBe(0);

        before.square().mean().backward();
        var projection = stemmed.named_parameters().Single(p => p.name.EndsWith("stem.projection.weight", StringComparison.Ordinal)).parameter;
        projection.grad!.abs().max().item<float>().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(8, 16)]
    [InlineData(8, 16, 20)]
    public void Channels_that_do_not_fit_the_patches_are_told(params int[] channels) =>
        Should.Throw<ArgumentException>(() => new ClipVisionModel(s_plain with { StemChannels = channels })).Message.ShouldContain("stem_channels is [");

    [Fact]
    public void A_configuration_without_them_is_written_as_before_and_one_with_them_comes_back()
    {
        JsonSerializer.Serialize(s_plain, EditorConfig.Json).ShouldNotContain("stem");
        var text = JsonSerializer.Serialize(s_plain with { StemChannels = [8, 16, 24] }, EditorConfig.Json);
        JsonSerializer.Deserialize<ClipVisionConfig>(text, EditorConfig.Json)!.StemChannels.ShouldBe([8, 16, 24]);
    }
}
