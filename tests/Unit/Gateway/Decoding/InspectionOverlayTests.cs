using FlexEdit.Gateway.Decoding.Child;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Decoding;

public sealed class InspectionOverlayTests
{
    private const int Side = InspectionOverlay.LongestSide;

    [Fact]
    public void A_mark_of_one_pixel_still_shows_in_a_picture_a_quarter_of_the_size()
    {
        var mask = new Mask(4 * Side, 2 * Side);
        mask.Pixels[(400 * mask.Width) + 801] = Mask.Marked;

        var drawn = InspectionOverlay.Draw(Black(4 * Side, 2 * Side), mask);

        (drawn.Width, drawn.Height).ShouldBe((Side, Side / 2));
        drawn.Pixel(200, 100)[0].ShouldBeGreaterThan((byte)0);
        drawn.Pixels.Count(value => value > 0).ShouldBeInRange(1, 3);
    }

    [Theory]
    [InlineData(Side, Side)]
    [InlineData(Side + 1, Side - 7)]
    [InlineData(1, 3 * Side)]
    [InlineData((3 * Side) + 17, 1000)]
    public void A_mask_of_everything_and_of_nothing_stays_that_everywhere(int width, int height)
    {
        var all = Mask.FromBox(new Box(0, 0, width, height), width, height);

        InspectionOverlay.Draw(Black(width, height), all).Pixels.Where((_, i) => i % 3 == 0).ShouldAllBe(red => red == 160);
        InspectionOverlay.Draw(Black(width, height), all.Invert()).Pixels.ShouldAllBe(value => value == 0);
    }

    private static DecodedPicture Black(int width, int height) => new(new RgbaImage(width, height), HasAlpha: false, PictureFormat.Png, 1, []);
}
