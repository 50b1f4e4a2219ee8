using CsCheck;
using FlexEdit.Compositing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Compositing;

public sealed class RowResamplerTests
{
    public static TheoryData<Kernel> Kernels => [Kernel.Cubic, Kernel.Smooth];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Keeps_a_plain_picture_plain_at_any_size(Kernel kernel) =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[1, 70], Gen.Int[1, 70]).Sample(
            (width, height, toWidth, toHeight) =>
            {
                var resampler = new RowResampler(Enumerable.Repeat(77f, width * height).ToArray(), width, height, 1, toWidth, toHeight, kernel);
                for (var y = 0; y < toHeight; y++)
                {
                    foreach (var value in resampler.Row(y))
                        value.ShouldBe(77f, 0.01f);
                }
            },
            iter: 60);

    [Fact]
    public void Returns_the_picture_itself_at_its_own_size()
    {
        var pixels = Enumerable.Range(0, 5 * 4 * 3).Select(i => (float)(i * 37 % 256)).ToArray();
        var resampler = new RowResampler(pixels, 5, 4, 3, 5, 4, Kernel.Cubic);
        for (var y = 0; y < 4; y++)
            resampler.Row(y).ToArray().ShouldBe(pixels[(y * 15)..((y + 1) * 15)]);
    }

    [Fact]
    public void Averages_over_every_pixel_when_shrinking()
    {
        var checks = Enumerable.Range(0, 64 * 64).Select(i => ((i % 64) + (i / 64)) % 2 * 255f).ToArray();
        var resampler = new RowResampler(checks, 64, 64, 1, 8, 8, Kernel.Cubic);
        for (var y = 0; y < 8; y++)
        {
            foreach (var value in resampler.Row(y))
                value.ShouldBe(127.5f, 2f);
        }
    }

    [Fact]
    public void Follows_a_straight_slope_when_enlarging()
    {
        var slope = Enumerable.Range(0, 16).Select(i => i * 10f).ToArray();
        var row = new RowResampler(slope, 16, 1, 1, 64, 1, Kernel.Cubic).Row(0).ToArray();
        for (var x = 12; x < 52; x++)
            row[x].ShouldBe((((x + 0.5f) / 4) - 0.5f) * 10, 0.01f);
    }

    [Fact]
    public void Smooth_kernel_stays_between_the_smallest_and_the_largest_sample() =>
        Gen.Float[0, 1].Array[36].Sample(
            samples =>
            {
                var resampler = new RowResampler(samples, 6, 6, 1, 40, 40, Kernel.Smooth);
                for (var y = 0; y < 40; y++)
                {
                    foreach (var value in resampler.Row(y))
                        value.ShouldBeInRange(samples.Min() - 1e-5f, samples.Max() + 1e-5f);
                }
            },
            iter: 30);
}
