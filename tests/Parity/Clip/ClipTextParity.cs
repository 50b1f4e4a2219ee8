using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Tests.Parity.Fixtures;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Clip;

public sealed class ClipTextParity
{
    [Theory, FixtureCases("clip-text")]
    public void Text_encoder_matches_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = new ClipTextModelWithProjection(PublishedConfig.Parse<ClipTextConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: ClipNames.InNetwork);
        network.eval();
        var ids = fixture.Input("input_ids");

        network.Forward(ids).ShouldMatch(fixture.Output("last_hidden_state"), fixture.Tolerance, "last_hidden_state");
        network.Forward(ids, fixture.Input("attention_mask")).ShouldMatch(fixture.Output("last_hidden_state_masked"), fixture.Tolerance, "last_hidden_state_masked");
        network.HiddenState(ids, -2).ShouldMatch(fixture.Output("penultimate"), fixture.Tolerance, "penultimate");
        network.Embed(ids).ShouldMatch(fixture.Output("text_embeds"), fixture.Tolerance, "text_embeds");
    }

    [Theory, FixtureCases("clip")]
    public void Comparison_of_pictures_and_texts_matches_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = new ClipModel(PublishedConfig.Parse<ClipConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: ClipNames.InNetwork);
        network.eval();

        var images = network.EmbedImages(fixture.Input("pixel_values"));
        var texts = network.EmbedTexts(fixture.Input("input_ids"));

        images.ShouldMatch(fixture.Output("image_embeds"), fixture.Tolerance, "image_embeds");
        texts.ShouldMatch(fixture.Output("text_embeds"), fixture.Tolerance, "text_embeds");
        network.Compare(images, texts).ShouldMatch(fixture.Output("logits_per_image"), fixture.Tolerance, "logits_per_image");
    }
}
