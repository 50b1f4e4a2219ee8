using FlexEdit.Cli.Samples;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class TriptychTests
{
    [Fact]
    public void Shows_scene_mask_and_result_at_equal_heights_with_gaps()
    {
        var sheet = Triptych.Draw(Plain(40, 30, 100), Mask.FromBox(new Box(10, 10, 5, 5), 40, 30), Plain(40, 30, 200));

        (sheet.Width, sheet.Height).ShouldBe(((3 * 40) + (4 * 12), 30 + (2 * 12)));
        sheet.Pixel(0, 0).ToArray().ShouldBe([255, 255, 255]);
        sheet.Pixel(12, 12).ToArray().ShouldBe([100, 100, 100]);
        sheet.Pixel(12 + 40 + 12, 12).ToArray().ShouldBe([60, 60, 60]); // darkened around the mask
        sheet.Pixel(12 + 40 + 12 + 10, 12 + 10).ToArray().ShouldBe([224, 224, 224]); // 80 % white
        sheet.Pixel(12 + 40 + 12 + 40 + 12, 12).ToArray().ShouldBe([200, 200, 200]);
    }

    [Fact]
    public void Shrinks_tall_scenes_and_keeps_their_shape()
    {
        var sheet = Triptych.Draw(Plain(1000, 2000, 1), Mask.FromBox(new Box(0, 0, 9, 9), 1000, 2000), Plain(1000, 2000, 2));

        (sheet.Width, sheet.Height).ShouldBe(((3 * 320) + (4 * 12), 640 + (2 * 12)));
    }

    private static RgbaImage Plain(int width, int height, byte value)
    {
        var picture = new RgbaImage(width, height);
        picture.Pixels.AsSpan().Fill(value);
        for (var i = 3; i < picture.Pixels.Length; i += 4)
            picture.Pixels[i] = 255;
        return picture;
    }
}
