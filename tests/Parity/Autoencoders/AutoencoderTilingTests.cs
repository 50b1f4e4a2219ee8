using FlexEdit.Models.Autoencoders;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Autoencoders;

public sealed class AutoencoderTilingTests
{
    [Theory, FixtureCases("autoencoder-kl")]
    public void A_picture_of_one_square_is_computed_whole(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = Read(fixture);
        var image = fixture.Input("image");
        network.Tiling = new AutoencoderTiling { TileSide = 8 * (int)Math.Max(image.shape[2], image.shape[3]) };
        network.Slicing = true;

        network.EncodePosterior(image).Mean.ShouldMatch(fixture.Output("mean"), fixture.Tolerance, "The mean");
        network.DecodeUnscaled(fixture.Input("latent")).ShouldMatch(fixture.Output("decoded"), fixture.Tolerance, "The picture");
    }

    [Theory, FixtureCases("autoencoder-kl")]
    public void Squares_are_blended_by_the_published_formula(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = Read(fixture);
        var latents = randn(2, network.Channels, 11, 13);
        var whole = network.DecodeUnscaled(latents);
        const int Side = 8;

        network.Tiling = new AutoencoderTiling { TileSide = Side * network.Factor };
        var tiled = network.DecodeUnscaled(latents);
        network.Tiling = null;

        tiled.shape.ShouldBe(whole.shape);
        tiled.ShouldMatch(Blended(latents, Side, network.Factor, network.DecodeUnscaled), 1e-5);
    }

    [Fact]
    public void What_looks_at_single_pixels_only_is_the_same_in_squares()
    {
        using var scope = NewDisposeScope();
        var input = randn(2, 3, 21, 34);

        var tiled = TileBlending.Run(input, 8, 16, 0.25, tile => nn.functional.interpolate(tile * 2, scale_factor: [2, 2], mode: InterpolationMode.Nearest));

        tiled.ShouldMatch(nn.functional.interpolate(input * 2, scale_factor: [2, 2], mode: InterpolationMode.Nearest), 1e-6);
    }

    [Fact]
    public void A_smooth_picture_in_squares_is_close_to_the_whole_one()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var network = new AutoencoderKL(new AutoencoderKLConfig
        {
            BlockOutChannels = [8, 8],
            DownBlockTypes = ["DownEncoderBlock2D", "DownEncoderBlock2D"],
            UpBlockTypes = ["UpDecoderBlock2D", "UpDecoderBlock2D"],
            NormNumGroups = 2,
            MidBlockAddAttention = false,
        });
        using var generator = new Generator(2);
        foreach (var (_, parameter) in network.named_parameters().Where(p => p.parameter.dim() > 1))
            parameter.copy_(randn(parameter.shape, generator: generator) / Math.Sqrt(parameter[0].numel()));
        // Waves that repeat in every square: what is left of the difference are the squares' borders, which blending has to hide.
        var wave = (arange(192, float32) * (2 * Math.PI / 16)).sin();
        var image = stack([wave.expand(192, 192), wave.unsqueeze(1).expand(192, 192), (wave + wave.unsqueeze(1)) / 2]).unsqueeze(0) * 0.8;
        var whole = network.EncodePosterior(image).Mean;
        var picture = network.DecodeUnscaled(whole);

        (double Mean, double Picture) Difference(int side)
        {
            network.Tiling = new AutoencoderTiling { TileSide = side };
            return (Relative(network.EncodePosterior(image).Mean, whole), Relative(network.DecodeUnscaled(whole), picture));
        }

        // With random weights a border reaches far; the larger the square, the less of it is border.
        var (small, large) = (Difference(64), Difference(128));
        large.Mean.ShouldBeLessThan(0.1);
        large.Picture.ShouldBeLessThan(0.1);
        large.Mean.ShouldBeLessThan(small.Mean);
        large.Picture.ShouldBeLessThan(small.Picture);
    }

    [Fact]
    public void Pictures_of_a_batch_one_after_the_other_are_the_same()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var network = new AutoencoderKL(new AutoencoderKLConfig { BlockOutChannels = [8], NormNumGroups = 2 });
        var images = randn(3, 3, 16, 24);
        var together = network.Decode(network.Encode(images));

        network.Slicing = true;

        network.Decode(network.Encode(images)).ShouldMatch(together, 1e-5);
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(64, 0.6)]
    [InlineData(4, 0.25)]
    [InlineData(60, 0.25)]
    [InlineData(40, 0.25)]
    public void Squares_that_do_not_fit_the_network_are_refused(int side, double overlap)
    {
        Should.Throw<ArgumentException>(() => new AutoencoderTiling { TileSide = side, Overlap = overlap }.Validate(8));
        new AutoencoderTiling { TileSide = 64 }.Validate(8);
    }

    private static double Relative(Tensor tiled, Tensor whole) => ((tiled - whole).square().mean() / whole.square().mean()).sqrt().item<float>();

    // The published loops, value by value.
    private static Tensor Blended(Tensor input, int side, int factor, Func<Tensor, Tensor> network)
    {
        var (stride, extent) = (side * 3 / 4, side * factor / 4);
        var rows = new List<List<Tensor>>();
        for (var y = 0; y < input.shape[2]; y += stride)
        {
            rows.Add([]);
            for (var x = 0; x < input.shape[3]; x += stride)
                rows[^1].Add(network(input[.., .., y..Math.Min(y + side, (int)input.shape[2]), x..Math.Min(x + side, (int)input.shape[3])]));
        }
        var limit = (side * factor) - extent;
        var bands = new List<Tensor>();
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < rows[i].Count; j++)
            {
                var tile = rows[i][j];
                for (var y = 0; i > 0 && y < Math.Min(extent, (int)Math.Min(tile.shape[2], rows[i - 1][j].shape[2])); y++)
                {
                    var above = rows[i - 1][j];
                    var shared = Math.Min(extent, (int)Math.Min(tile.shape[2], above.shape[2]));
                    tile.select(2, y).copy_(above.select(2, above.shape[2] - shared + y) * (1 - (y / (float)shared)) + tile.select(2, y) * (y / (float)shared));
                }
                for (var x = 0; j > 0 && x < Math.Min(extent, (int)Math.Min(tile.shape[3], rows[i][j - 1].shape[3])); x++)
                {
                    var beside = rows[i][j - 1];
                    var shared = Math.Min(extent, (int)Math.Min(tile.shape[3], beside.shape[3]));
                    tile.select(3, x).copy_(beside.select(3, beside.shape[3] - shared + x) * (1 - (x / (float)shared)) + tile.select(3, x) * (x / (float)shared));
                }
            }
            bands.Add(cat(rows[i].Select(tile => tile.narrow(2, 0, Math.Min(limit, tile.shape[2])).narrow(3, 0, Math.Min(limit, tile.shape[3]))).ToArray(), 3));
        }
        return cat(bands.ToArray(), 2);
    }

    private static AutoencoderKL Read(FixtureCase fixture)
    {
        var network = new AutoencoderKL(AutoencoderKLConfig.FromJson(fixture.Config.GetRawText()));
        network.Load(fixture.Model);
        return network;
    }
}
