using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Decoding.Child;
using FlexEdit.Imaging.Pixels;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Decoding;

public class MaskReadingTests
{
    /// <summary>One row: black, white, grey 127, grey 128, clear white, clear black, half-clear white, red.</summary>
    private static RgbaImage Row { get; } = new(8, 1,
    [
        0, 0, 0, 255, 255, 255, 255, 255, 127, 127, 127, 255, 128, 128, 128, 255,
        255, 255, 255, 0, 0, 0, 0, 0, 255, 255, 255, 127, 255, 0, 0, 255,
    ]);

    [Theory]
    [InlineData(MaskPolarity.WhiteEdits, ".#.#....")]
    [InlineData(MaskPolarity.BlackEdits, "#.#....#")]
    [InlineData(MaskPolarity.TransparentEdits, "....###.")]
    [InlineData(MaskPolarity.OpaqueEdits, "####...#")]
    public void Reads_each_polarity_at_threshold_128(string polarity, string expected) =>
        string.Concat(MaskReading.Read(Row, polarity).Pixels.Select(pixel => pixel == 255 ? '#' : '.')).ShouldBe(expected);

    [Fact]
    public void Auto_means_transparent_where_alpha_varies() => MaskReading.Resolve("auto", Row).ShouldBe(MaskPolarity.TransparentEdits);

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void Auto_means_white_where_alpha_is_the_same_everywhere(byte alpha) =>
        MaskReading.Resolve("auto", new RgbaImage(2, 1, [0, 0, 0, alpha, 255, 255, 255, alpha])).ShouldBe(MaskPolarity.WhiteEdits);

    [Fact]
    public void Keeps_what_was_asked_for() => MaskReading.Resolve(MaskPolarity.BlackEdits, Row).ShouldBe(MaskPolarity.BlackEdits);
}
