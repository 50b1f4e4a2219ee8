using FlexEdit.Models.Clip;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Llava;

/// <summary>Several pictures in a prompt and in a batch, with both projectors.</summary>
public sealed class SeveralPicturesTests
{
    private const long ImageToken = 30;

    [Theory]
    [InlineData("mlp2x_gelu")]
    [InlineData("linear")]
    public void Each_picture_stands_in_the_places_of_its_own_token(string projector)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small(projector);
        var features = network.ImageFeatures(randn(3, 3, 16, 16));
        var count = network.Config.TokensPerImage();
        // One row with two pictures, one with one; the shorter is padded on the left.
        var first = network.ExpandImageTokens([1, ImageToken, 2, ImageToken, 3]).ToArray();
        var second = network.ExpandImageTokens([4, ImageToken, 5]).ToArray();
        var ids = tensor((long[])[.. first, .. Enumerable.Repeat(0L, first.Length - second.Length), .. second]).view(2, -1);

        var embedded = network.Embed(ids, features);

        embedded[0, 1..(1 + count)].ShouldMatch(features[0], 0, "the first picture");
        embedded[0, (2 + count)..(2 + (2 * count))].ShouldMatch(features[1], 0, "the second picture");
        embedded[1, (first.Length - 1 - count)..(first.Length - 1)].ShouldMatch(features[2], 0, "the other row's picture");
        var plain = network.LanguageModel.Embed(ids);
        foreach (var at in (long[])[0, 1 + count, 2 + (2 * count)])
            embedded[0, at].ShouldMatch(plain[0, at], 0, $"text at {at}");
    }

    [Theory]
    [InlineData("mlp2x_gelu")]
    [InlineData("linear")]
    public void A_row_reads_the_same_alone_and_beside_a_longer_one(string projector)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small(projector);
        var pixels = randn(3, 3, 16, 16);
        var first = network.ExpandImageTokens([1, ImageToken, 2, ImageToken, 3]).ToArray();
        var second = network.ExpandImageTokens([4, ImageToken, 5]).ToArray();
        var paddings = first.Length - second.Length;
        var ids = tensor((long[])[.. first, .. Enumerable.Repeat(0L, paddings), .. second]).view(2, -1);
        var mask = ones(2, first.Length, ScalarType.Int64);
        mask[1, ..paddings] = 0;

        var together = network.Forward(ids, pixels, mask);

        together[0..1].ShouldMatch(network.Forward(tensor(first).unsqueeze(0), pixels[0..2]), 1e-5);
        together[1..2, paddings..].ShouldMatch(network.Forward(tensor(second).unsqueeze(0), pixels[2..3]), 1e-5);
    }

    [Fact]
    public void A_linear_projector_is_one_matrix()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var network = Small("linear");
        var pixels = randn(2, 3, 16, 16);
        var weights = network.state_dict();

        var patches = network.VisionTower.HiddenState(pixels, network.Config.VisionFeatureLayer)[.., 1..];

        network.ImageFeatures(pixels).ShouldMatch(
            patches.matmul(weights["multi_modal_projector.linear_1.weight"].t()) + weights["multi_modal_projector.linear_1.bias"], 1e-5);
    }

    private static LlavaForConditionalGeneration Small(string projector) => new(new LlavaConfig
    {
        VisionConfig = new ClipVisionConfig { HiddenSize = 16, IntermediateSize = 32, NumHiddenLayers = 3, NumAttentionHeads = 2, ImageSize = 16, PatchSize = 8 },
        TextConfig = new LlamaConfig { VocabSize = 32, HiddenSize = 24, IntermediateSize = 48, NumHiddenLayers = 2, NumAttentionHeads = 4 },
        ImageTokenIndex = ImageToken,
        MmProjectorType = projector,
    });
}
