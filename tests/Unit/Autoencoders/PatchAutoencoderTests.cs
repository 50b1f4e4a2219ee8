using FlexEdit.Models.Autoencoders;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Autoencoders;

public sealed class PatchAutoencoderTests
{
    // Smooth random pictures: neighbouring pixels are alike, as in photographs, so that few components hold most of the variance.
    private static Tensor Pictures(int count, int height = 32, int width = 40)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var coarse = (rand([count, 3, height / 4, width / 4], generator: generator) * 2) - 1;
        var smooth = nn.functional.interpolate(coarse, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        var grain = (rand([count, 3, height, width], generator: generator) - 0.5) * 0.1;
        return (smooth * 0.9 + grain).MoveToOuterDisposeScope();
    }

    [Fact]
    public void With_all_192_components_reconstructs_exactly()
    {
        using var scope = NewDisposeScope();
        var pictures = Pictures(64);
        using var network = PatchAutoencoder.FromLinearCode(PatchAutoencoder.FitLinearCode([pictures], 192));
        (network.forward(pictures) - pictures).abs().max().ToDouble().ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Latents_have_zero_mean_and_unit_variance_per_channel()
    {
        using var scope = NewDisposeScope();
        var pictures = Pictures(64);
        using var network = PatchAutoencoder.FromLinearCode(PatchAutoencoder.FitLinearCode(pictures.chunk(4), 24));
        var latents = network.Encode(pictures);
        latents.shape.ShouldBe([64, 24, 4, 5]);
        latents.mean([0, 2, 3]).abs().max().ToDouble().ShouldBeLessThan(1e-3);
        (latents.square().mean([0, 2, 3]) - 1).abs().max().ToDouble().ShouldBeLessThan(1e-3);
    }

    [Fact]
    public void The_error_is_what_the_code_predicts()
    {
        using var scope = NewDisposeScope();
        var pictures = Pictures(64);
        var code = PatchAutoencoder.FitLinearCode([pictures], 12);
        using var network = PatchAutoencoder.FromLinearCode(code);
        var error = (network.forward(pictures) - pictures).square().mean().ToDouble();
        (10 * Math.Log10(4 / error)).ShouldBe(code.ExpectedPsnr, 0.01);
    }

    [Fact]
    public void More_components_never_reconstruct_worse()
    {
        using var scope = NewDisposeScope();
        var pictures = Pictures(16);
        var errors = new List<double>();
        foreach (var channels in (int[])[4, 12, 24, 48])
        {
            using var network = PatchAutoencoder.FromLinearCode(PatchAutoencoder.FitLinearCode([pictures], channels));
            errors.Add((network.forward(pictures) - pictures).square().mean().ToDouble());
        }
        errors.ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public void The_corrections_are_exactly_zero_before_training()
    {
        using var scope = NewDisposeScope();
        var pictures = Pictures(4);
        var code = PatchAutoencoder.FitLinearCode([pictures], 8);
        using var corrected = PatchAutoencoder.FromLinearCode(code, new PatchAutoencoderConfig { LatentChannels = 8, EncoderWidth = 16 });
        using var linear = PatchAutoencoder.FromLinearCode(code, new PatchAutoencoderConfig { LatentChannels = 8, DecoderWidth = 0 });
        corrected.parameters().Count().ShouldBeGreaterThan(linear.parameters().Count());
        corrected.Encode(pictures).Equals(linear.Encode(pictures)).ShouldBeTrue();
        corrected.forward(pictures).Equals(linear.forward(pictures)).ShouldBeTrue();
    }

    [Fact]
    public void Training_the_corrections_improves_on_the_linear_code()
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        var pictures = Pictures(8);
        var config = new PatchAutoencoderConfig { LatentChannels = 8, DecoderWidth = 32, DecoderBlocks = 1, DecoderPixelBlocks = 1, EncoderWidth = 16, EncoderBlocks = 1 };
        using var network = PatchAutoencoder.FromLinearCode(PatchAutoencoder.FitLinearCode([pictures], 8), config);
        using var optimiser = optim.Adam(network.parameters(), 1e-3);
        var first = double.NaN;
        var last = double.NaN;
        for (var step = 0; step < 40; step++)
        {
            using var inner = NewDisposeScope();
            var loss = (network.forward(pictures) - pictures).square().mean();
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
            last = loss.ToDouble();
            if (step == 0)
                first = last;
        }
        last.ShouldBeLessThan(first * 0.9);
    }

    [Fact]
    public void Runs_in_bfloat16_close_to_float32()
    {
        using var scope = NewDisposeScope();
        var pictures = Pictures(4);
        using var network = PatchAutoencoder.FromLinearCode(PatchAutoencoder.FitLinearCode([pictures], 16));
        var exact = network.forward(pictures);
        network.to(bfloat16);
        var rough = network.forward(pictures.to(bfloat16));
        rough.dtype.ShouldBe(bfloat16);
        (rough.to(float32) - exact).abs().mean().ToDouble().ShouldBeLessThan(0.02);
    }

    [Fact]
    public void The_configuration_survives_json()
    {
        var config = new PatchAutoencoderConfig { LatentChannels = 24, EncoderWidth = 48 };
        config.ToJson().ShouldContain("\"latent_channels\": 24");
        PatchAutoencoderConfig.FromJson(config.ToJson()).ShouldBe(config);
    }

    [Fact]
    public void Rejects_pictures_whose_sides_are_no_multiple_of_eight()
    {
        using var scope = NewDisposeScope();
        using var network = new PatchAutoencoder(new PatchAutoencoderConfig());
        Should.Throw<ArgumentException>(() => network.Encode(zeros(1, 3, 30, 32))).Message
            .ShouldContain("multiples of 8, not [1, 3, 30, 32]");
        Should.Throw<ArgumentException>(() => network.Decode(zeros(1, 4, 4, 4))).Message
            .ShouldContain("[B, 32, h, w], not [1, 4, 4, 4]");
    }
}
