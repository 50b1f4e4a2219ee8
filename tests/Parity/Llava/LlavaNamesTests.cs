using FlexEdit.Models.Clip;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llava;

public sealed class LlavaNamesTests
{
    [Theory]
    [InlineData("model.mm_projector.0.weight", "multi_modal_projector.linear_1.weight")]
    [InlineData("model.mm_projector.2.bias", "multi_modal_projector.linear_2.bias")]
    [InlineData("model.mm_projector.weight", "multi_modal_projector.linear_1.weight")]
    [InlineData("model.multi_modal_projector.linear_2.weight", "multi_modal_projector.linear_2.weight")]
    [InlineData("model.vision_tower.vision_tower.vision_model.pre_layrnorm.bias", "vision_tower.vision_model.pre_layrnorm.bias")]
    [InlineData("model.vision_tower.vision_model.pre_layrnorm.bias", "vision_tower.vision_model.pre_layrnorm.bias")]
    [InlineData("vision_tower.vision_model.embeddings.position_ids", null)]
    [InlineData("model.embed_tokens.weight", "language_model.model.embed_tokens.weight")]
    [InlineData("model.layers.3.self_attn.q_proj.weight", "language_model.model.layers.3.self_attn.q_proj.weight")]
    [InlineData("model.layers.3.self_attn.rotary_emb.inv_freq", null)]
    [InlineData("model.language_model.layers.3.mlp.up_proj.weight", "language_model.model.layers.3.mlp.up_proj.weight")]
    [InlineData("language_model.model.norm.weight", "language_model.model.norm.weight")]
    [InlineData("lm_head.weight", "language_model.lm_head.weight")]
    public void Every_published_layout_leads_to_the_same_tensor(string published, string? ours) =>
        LlavaNames.InNetwork(published).ShouldBe(ours);

    [Fact]
    public void A_repeated_embedding_table_is_left_out_when_the_model_ties_it()
    {
        Tiny(tied: true).NameInNetwork("lm_head.weight").ShouldBeNull();
        Tiny(tied: false).NameInNetwork("lm_head.weight").ShouldBe("language_model.lm_head.weight");
    }

    [Fact]
    public void A_linear_projector_has_one_layer()
    {
        var names = Tiny(tied: false, "linear").state_dict().Keys.Where(k => k.StartsWith("multi_modal_projector.", StringComparison.Ordinal));

        names.Order(StringComparer.Ordinal).ShouldBe(["multi_modal_projector.linear_1.bias", "multi_modal_projector.linear_1.weight"]);
    }

    [Fact]
    public void Image_tokens_that_do_not_fit_the_pictures_are_refused()
    {
        using var scope = NewDisposeScope();
        var network = Tiny(tied: true);
        var features = network.ImageFeatures(zeros(1, 3, 8, 8));
        var ids = tensor(network.ExpandImageTokens([1, 9, 2]).ToArray()).unsqueeze(0);

        network.Embed(ids, features).shape.ShouldBe([1, 6, 8]);
        Should.Throw<ArgumentException>(() => network.Embed(ids, null)).Message.ShouldStartWith("The prompt has 4 image tokens; the pictures have 0 features.");
        Should.Throw<ArgumentException>(() => network.Embed(ids.narrow(1, 0, 5), cat([features, features], 0)));
    }

    private static LlavaForConditionalGeneration Tiny(bool tied, string projector = "mlp2x_gelu") => new(new LlavaConfig
    {
        VisionConfig = new ClipVisionConfig { HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 2, NumAttentionHeads = 2, ImageSize = 8, PatchSize = 4 },
        TextConfig = new LlamaConfig { VocabSize = 10, HiddenSize = 8, IntermediateSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, TieWordEmbeddings = tied },
        ImageTokenIndex = 9,
        MmProjectorType = projector,
    });
}
