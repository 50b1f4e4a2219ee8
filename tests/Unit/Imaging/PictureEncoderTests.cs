using System.Text;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Imaging;

public sealed class PictureEncoderTests
{
    [Fact]
    public void Png_and_webp_are_lossless()
    {
        var image = Files.Noise(31, 17);
        PictureDecoder.Decode(PictureEncoder.Png(image)).Pixels.WithoutAlpha().Pixels.ShouldBe(image.Pixels);
        PictureDecoder.Decode(PictureEncoder.Webp(image)).Pixels.WithoutAlpha().Pixels.ShouldBe(image.Pixels);
    }

    [Fact]
    public void Jpeg_comes_close()
    {
        var image = Files.Quarters(64, 64);
        var back = PictureDecoder.Decode(PictureEncoder.Jpeg(image)).Pixels.WithoutAlpha();
        back.Pixels.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Average().ShouldBeLessThan(4);
    }

    [Fact]
    public void No_file_carries_metadata()
    {
        var image = PictureDecoder.Decode(Files.JpegWithOrientation(Files.Quarters(16, 16), 6)).Pixels;
        foreach (var file in (byte[][])[PictureEncoder.Png(image), PictureEncoder.Webp(image), PictureEncoder.Jpeg(image)])
        {
            var text = Encoding.Latin1.GetString(file);
            foreach (var tag in (string[])["Exif", "EXIF", "eXIf", "iCCP", "ICC", "tEXt", "XMP"])
                text.ShouldNotContain(tag);
        }
    }

    [Fact]
    public void Resize_gives_exactly_the_size_asked_for()
    {
        var image = Files.Noise(97, 33);
        foreach (var (width, height) in ((int, int)[])[(128, 128), (1, 1), (96, 34), (50, 333), (7, 5)])
        {
            var resized = PictureResize.To(image, width, height);
            (resized.Width, resized.Height).ShouldBe((width, height));
        }
    }

    [Fact]
    public void Resize_keeps_plain_colours_and_places()
    {
        foreach (var side in (int[])[16, 200])
        {
            var resized = PictureResize.To(Files.Quarters(64, 64), side, side);
            resized.Pixel(side / 4, side / 4).ToArray().ShouldBe([250, 10, 10]);
            resized.Pixel(side * 3 / 4, side / 4).ToArray().ShouldBe([10, 250, 10]);
        }
    }

    [Fact]
    public void Colours_under_transparent_pixels_do_not_shine_through()
    {
        var image = new RgbaImage(64, 64);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
                (x < 32 ? (byte[])[200, 0, 0, 255] : [0, 255, 0, 0]).CopyTo(image.Pixel(x, y));
        }

        var small = PictureResize.To(image, 21, 21);
        for (var x = 0; x < 21; x++)
        {
            if (small.Pixel(x, 10)[3] > 30)
                small.Pixel(x, 10)[1].ShouldBeLessThan((byte)20);
        }
    }

    [Fact]
    public void Crop_takes_the_pixels_under_the_box()
    {
        var image = Files.Noise(10, 8);
        var crop = image.Crop(new Box(3, 2, 4, 5));
        crop.Pixel(1, 4).ToArray().ShouldBe(image.Pixel(4, 6).ToArray());
        Should.Throw<ArgumentException>(() => image.Crop(new Box(8, 0, 4, 4)));
    }

    [Fact]
    public void Over_mixes_by_alpha() =>
        new RgbaImage(1, 1, [100, 200, 0, 128]).Over(255, 255, 255).Pixels.ShouldBe([177, 227, 127]);
}
