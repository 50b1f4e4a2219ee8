using FlexEdit.Imaging.Pixels;
using FlexEdit.Screening;
using FlexEdit.Screening.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Screening;

public class LooksTests
{
    private const int Side = 16;

    [Theory]
    [InlineData(64, 64, "stretch", 1)]
    [InlineData(640, 64, "stretch", 1)]
    [InlineData(64, 64, "tiles", 1)]
    [InlineData(100, 64, "tiles", 2)]
    [InlineData(64, 100, "tiles", 2)]
    [InlineData(640, 100, "tiles", 7)]
    [InlineData(2000, 10, "tiles", 8)]
    [InlineData(1, 16, "tiles", 8)]
    public void A_long_picture_is_looked_at_in_tiles_that_leave_nothing_out(int width, int height, string fit, int looks)
    {
        // One column or row at a time is red; some look has to see it.
        var options = new ContentOptions { Width = Side, Height = Side, Fit = fit };
        Looks.Of(Plain(width, height), options).Count().ShouldBe(looks);
        foreach (var at in new[] { 0, 1, Math.Max(width, height) / 2, Math.Max(width, height) - 1 })
        {
            if (fit == "stretch" || at >= Math.Max(width, height))
                continue;
            var picture = Plain(width, height);
            for (var i = 0; i < Math.Min(width, height); i++)
                new byte[] { 255, 0, 0, 255 }.CopyTo(width >= height ? picture.Pixel(at, i) : picture.Pixel(i, at));
            Looks.Of(picture, options).Any(look => look.Chunk(3).Any(pixel => pixel[0] != pixel[1])).ShouldBeTrue($"at {at}");
        }
    }

    [Fact]
    public void Transparency_hides_nothing_from_the_classifier()
    {
        var picture = new RgbaImage(Side, Side);
        for (var i = 0; i < picture.Pixels.Length; i += 4)
            picture.Pixels[i] = 200;

        var looks = Looks.Of(picture, new ContentOptions { Width = Side, Height = Side }).ToArray();

        looks.Length.ShouldBe(2);
        looks[0].ShouldAllBe(sample => sample == 255);
        looks[1].Chunk(3).ShouldAllBe(pixel => pixel[0] == 200 && pixel[1] == 0);
    }

    [Fact]
    public void An_opaque_picture_of_the_right_size_is_looked_at_as_it_is()
    {
        var look = Looks.Of(Plain(Side, Side), new ContentOptions { Width = Side, Height = Side }).ShouldHaveSingleItem();
        look.Length.ShouldBe(3 * Side * Side);
        look.ShouldAllBe(sample => sample == 90);
    }

    private static RgbaImage Plain(int width, int height)
    {
        var picture = new RgbaImage(width, height);
        for (var i = 0; i < picture.Pixels.Length; i++)
            picture.Pixels[i] = (byte)(i % 4 == 3 ? 255 : 90);
        return picture;
    }
}
