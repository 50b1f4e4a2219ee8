using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Dino;
using FlexEdit.Models.Layers;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Dino;

public sealed class DinoV2Parity
{
    [Theory, FixtureCases("dinov2")]
    public void Image_encoder_matches_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = new DinoV2Model(PublishedConfig.Parse<DinoV2Config>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model);
        var pixels = fixture.Input("pixel_values");

        network.Forward(pixels).ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
        network.Pooled(pixels).ShouldMatch(fixture.Output("pooler_output"), fixture.Tolerance, "pooler_output");
    }

    [Fact]
    public void Pictures_that_do_not_divide_into_patches_are_refused()
    {
        using var scope = NewDisposeScope();
        var network = new DinoV2Model(new DinoV2Config { HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, ImageSize = 28 });

        Should.Throw<ArgumentException>(() => network.Forward(zeros(1, 3, 28, 30))).Message
            .ShouldStartWith("The encoder reads [batch, 3, H, W] with sides that are multiples of 14; the pictures are [1, 3, 28, 30].");
        network.Forward(zeros(1, 3, 28, 42)).shape.ShouldBe([1, 7, 8]);
    }

    [Fact]
    public void Configurations_that_are_not_built_are_refused()
    {
        Should.Throw<NotSupportedException>(() => new DinoV2Config { UseSwigluFfn = true }.Validate()).Message.ShouldContain("use_swiglu_ffn");
        Should.Throw<NotSupportedException>(() => new DinoV2Config { NumAttentionHeads = 5 }.Validate()).Message.ShouldContain("hidden_size (768)");
        Should.Throw<NotSupportedException>(() => new DinoV2Config { ImageSize = 220 }.Validate()).Message.ShouldContain("image_size (220)");
    }
}
