using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.SmartEdit;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.SmartEdit;

public sealed class InteractionParity
{
    [Theory, FixtureCases("smartedit-interaction")]
    public void Condition_and_picture_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var mapWeight = fixture.Model.Tensors["dimension_reduction_head_zeroconv.weight"].Shape;
        using var module = new BidirectionalInteraction(PublishedConfig.Parse<InteractionConfig>(fixture.Config.GetRawText()) with
        {
            ConditionWidth = (int)fixture.Model.Tensors["modulate_head.weight"].Shape[1],
            MapChannels = (int)mapWeight[0],
        });
        StateDict.Load(module, fixture.Model);
        long[] latent = [.. fixture.Config.GetProperty("latent_size").EnumerateArray().Select(side => side.GetInt64())];

        var interaction = module.Forward(fixture.Input("condition"), fixture.Input("image_features"), latent[0], latent[1]);

        module.Positions().ShouldMatch(fixture.Output("positional_encoding"), fixture.Tolerance, "positional_encoding");
        interaction.Tokens.ShouldMatch(fixture.Output("tokens"), fixture.Tolerance, "tokens");
        interaction.Image.ShouldMatch(fixture.Output("image"), fixture.Tolerance, "image");
        interaction.Condition.ShouldMatch(fixture.Output("condition"), fixture.Tolerance, "condition");
        interaction.FeatureMap.ShouldMatch(fixture.Output("feature_map"), fixture.Tolerance, "feature_map");
    }

    [Fact]
    public void Has_the_published_number_and_sizes_of_tensors()
    {
        using var module = new BidirectionalInteraction(new InteractionConfig(), META);

        var shapes = module.state_dict().ToDictionary(t => t.Key, t => t.Value.shape);

        shapes.Count.ShouldBe(89);
        shapes["pe_layer.positional_encoding_gaussian_matrix"].ShouldBe([2, 512]);
        shapes["dimension_reduction_head_zeroconv.weight"].ShouldBe([320, 1024, 1, 1]);
        shapes["dimension_reduction_head_qformer_out.weight"].ShouldBe([768, 1024]);
        shapes["modulate_transformer.layers.0.self_attn.q_proj.weight"].ShouldBe([1024, 1024]);
        shapes["modulate_transformer.layers.1.cross_attn_image_to_token.out_proj.weight"].ShouldBe([1024, 512]);
        shapes["modulate_transformer.layers.1.mlp.lin1.weight"].ShouldBe([2048, 1024]);
        shapes["modulate_transformer.final_attn_token_to_image.k_proj.weight"].ShouldBe([512, 1024]);
    }

    [Fact]
    public void The_map_is_added_behind_the_unets_first_convolution()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var unet = new UNet2DConditionModel(new UNet2DConditionConfig
        {
            InChannels = 4,
            OutChannels = 4,
            BlockOutChannels = [8, 8],
            LayersPerBlock = [1],
            DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
            UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
            CrossAttentionDim = [6],
            AttentionHeadDim = [2],
            NormNumGroups = 4,
        });
        var (sample, timestep, cache) = (randn(1, 4, 8, 8), tensor(7L), unet.PrepareKeysValues(randn(1, 3, 6)));
        var shift = randn(8);

        var mapped = unet.forward(sample, timestep, cache, shift.view(1, 8, 1, 1).expand(1, 8, 8, 8));

        // A map that is the same everywhere is the convolution's bias.
        unet.state_dict()["conv_in.bias"].add_(shift);
        mapped.ShouldMatch(unet.forward(sample, timestep, cache), 1e-5);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();
        Should.Throw<NotSupportedException>(() => new InteractionConfig { Heads = 7 }.Validate()).Message.ShouldBe("heads (7) must divide width (1024) / downsample (2).");
        Should.Throw<NotSupportedException>(() => new InteractionConfig { Width = 7, Heads = 1, Downsample = 1 }.Validate()).Message.ShouldContain("even");
        using var module = new BidirectionalInteraction(new InteractionConfig { Width = 8, Heads = 2, Mlp = 8, Grid = 2, ConditionWidth = 4, MapChannels = 4 });
        Should.Throw<ArgumentException>(() => module.Forward(zeros(1, 3, 4), zeros(1, 5, 8), 4, 4)).Message.ShouldStartWith("Image features must be [batch, 4, 8], not [1, 5, 8].");
    }
}
