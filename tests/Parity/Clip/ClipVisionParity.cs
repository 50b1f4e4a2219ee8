using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Tests.Parity.Fixtures;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Clip;

public sealed class ClipVisionParity
{
    [Theory, FixtureCases("clip-vision")]
    public void Image_encoder_matches_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = new ClipVisionModelWithProjection(PublishedConfig.Parse<ClipVisionConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: ClipNames.InNetwork);
        network.eval();
        var pixels = fixture.Input("pixel_values");

        network.HiddenState(pixels, -1).ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
        network.HiddenState(pixels, -2).ShouldMatch(fixture.Output("penultimate"), fixture.Tolerance, "penultimate");
        network.HiddenState(pixels, network.Config.NumHiddenLayers - 1).ShouldMatch(fixture.Output("penultimate"), fixture.Tolerance, "penultimate from the front");
        network.Embed(pixels).ShouldMatch(fixture.Output("image_embeds"), fixture.Tolerance, "image_embeds");
    }
}
