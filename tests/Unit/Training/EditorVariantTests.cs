using FlexEdit.Models.Editing;
using FlexEdit.Training.Editor;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Training;

public sealed class EditorVariantTests
{
    public static TheoryData<string> Names => [.. EditorVariants.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_method_sees_what_it_is_said_to_see_and_nothing_else(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        random.manual_seed(1);
        var config = Small(EditorVariants.Of(name));
        using var networks = new EditorNetworks(config);
        var (h, tokens) = (config.Resolution / 8, 4);
        var picture = rand(1, 3, config.Resolution, config.Resolution) - 0.5f;
        var subject = rand(1, 3, config.Resolution, config.Resolution) - 0.5f;
        var embedding = randn(1, tokens, config.EmbeddingWidth);
        var (noisy, latent, collage) = (randn(1, 32, h, h), randn(1, 32, h, h), randn(1, 32, h, h));

        Tensor Predict(Tensor e, Tensor seen, Tensor x2, float mark, Tensor pasted)
        {
            using var cache = networks.Prepare(e, networks.Features(seen), networks.Features(x2), ones(1));
            var conditions = new EditConditions
            {
                Scene = latent,
                Collage = config.CollageChannels ? pasted : null,
                Marks = config.MaskChannels ? full([1, EditConditions.MarkChannels, h, h], mark) : null,
                KeepScene = ones(1, 1, 1, 1),
            };
            return networks.Predict(noisy, ones(1), conditions, cache);
        }

        var usual = Predict(embedding, picture, subject, 1, collage);
        bool Changes(Tensor other) => (other - usual).abs().max().item<float>() > 1e-6f;
        Changes(Predict(embedding * -1, picture, subject, 1, collage)).ShouldBe(config.SeesInstruction, "the instruction");
        Changes(Predict(embedding, picture * -1, subject, 1, collage)).ShouldBe(config.SceneAttention, "the scene by attention");
        Changes(Predict(embedding, picture, subject * -1, 1, collage)).ShouldBe(config.SeesSubject, "the subject by attention");
        Changes(Predict(embedding, picture, subject, 0, collage)).ShouldBe(config.MaskChannels, "the mask");
        Changes(Predict(embedding, picture, subject, 1, collage * -1)).ShouldBe(config.CollageChannels, "the collage");
        networks.named_parameters().Any(p => p.name.Contains("to_k_ip", StringComparison.Ordinal)).ShouldBe(config.DecoupledAttention, "keys of the subject's own");
        networks.named_parameters().Any(p => p.name.StartsWith("adapter.blocks.", StringComparison.Ordinal)).ShouldBe(config.SceneAttention, "blocks of the adapter");
    }

    [Fact]
    public void FlexEdit_without_a_name_is_the_shipped_design() => EditorVariants.Of(EditorVariants.Ours).ShouldBe(TinyEditor.Config);

    // The same design at sizes that a test can afford.
    private static EditorConfig Small(EditorConfig config) => config with
    {
        Resolution = 32,
        EmbeddingWidth = 64,
        ImageEncoder = config.ImageEncoder with { HiddenSize = 32, IntermediateSize = 32, NumHiddenLayers = 1, ImageSize = 32 },
        Unet = config.Unet with { BlockOutChannels = [32, 64], CrossAttentionDim = [64] },
    };
}
