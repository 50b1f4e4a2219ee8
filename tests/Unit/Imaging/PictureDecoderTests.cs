using System.Text;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Imaging;

public sealed class PictureDecoderTests
{
    [Fact]
    public void A_png_comes_back_sample_by_sample()
    {
        var image = Files.Noise(37, 21);
        var decoded = PictureDecoder.Decode(PictureEncoder.Png(image));
        decoded.Pixels.WithoutAlpha().Pixels.ShouldBe(image.Pixels);
        (decoded.Pixels.Width, decoded.Pixels.Height).ShouldBe((37, 21));
        decoded.HasAlpha.ShouldBeFalse();
        decoded.Pixels.Alpha().Pixels.ShouldAllBe(a => a == 255);
        decoded.Format.ShouldBe(PictureFormat.Png);
        decoded.Report.ShouldBeEmpty();
    }

    [Fact]
    public void Alpha_is_kept_with_the_colours_under_it()
    {
        var image = Files.Noise(9, 5).ToRgba();
        for (var i = 0; i < 45; i++)
            image.Pixels[(4 * i) + 3] = (byte)(i * 5);
        foreach (var file in (byte[][])[PictureEncoder.Png(image), PictureEncoder.Webp(image)])
        {
            var decoded = PictureDecoder.Decode(file);
            decoded.HasAlpha.ShouldBeTrue();
            decoded.Pixels.Pixels.ShouldBe(image.Pixels);
        }
    }

    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void Every_exif_orientation_is_turned_upright(int orientation, string quarters)
    {
        var decoded = PictureDecoder.Decode(Files.JpegWithOrientation(Files.Quarters(64, 32), orientation));
        var (width, height) = orientation >= 5 ? (32, 64) : (64, 32);
        (decoded.Pixels.Width, decoded.Pixels.Height).ShouldBe((width, height));
        decoded.Orientation.ShouldBe(orientation);
        var seen = string.Concat(
            Name(decoded, width / 4, height / 4), Name(decoded, width * 3 / 4, height / 4),
            Name(decoded, width / 4, height * 3 / 4), Name(decoded, width * 3 / 4, height * 3 / 4));
        seen.ShouldBe(quarters);
        if (orientation == 1)
            decoded.Report.ShouldBeEmpty();
        else
            decoded.Report.ShouldHaveSingleItem().ShouldEndWith($"by EXIF orientation {orientation}");
    }

    [Fact]
    public void The_report_uses_the_words_of_the_api() =>
        PictureDecoder.Decode(Files.JpegWithOrientation(Files.Quarters(16, 8), 6)).Report
            .ShouldBe(["rotated by EXIF orientation 6"]);

    [Fact]
    public void Inspect_tells_the_upright_size() =>
        PictureDecoder.Inspect(Files.JpegWithOrientation(Files.Quarters(64, 32), 8))
            .ShouldBe((PictureFormat.Jpeg, 32, 64));

    [Fact]
    public void A_cmyk_jpeg_is_converted_and_says_so()
    {
        var decoded = PictureDecoder.Decode(Files.CmykJpeg(64, 64));
        decoded.Report.ShouldBe(["converted from CMYK"]);
        decoded.HasAlpha.ShouldBeFalse();
        // Ink reaches no pure green, so that quarter is not asked for.
        string.Concat(Name(decoded, 16, 16), Name(decoded, 16, 48), Name(decoded, 48, 48)).ShouldBe("RBW");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_16_bit_png_is_converted_and_says_so(bool alpha)
    {
        var decoded = PictureDecoder.Decode(Files.Png16(8, 8, alpha));
        decoded.Report.ShouldBe(["converted from 16 bit"]);
        decoded.HasAlpha.ShouldBe(alpha);
        decoded.Pixels.Pixel(1, 1).ToArray().ShouldBe([250, 10, 10, alpha ? (byte)128 : (byte)255]);
    }

    [Fact]
    public void Another_colour_profile_is_converted_and_says_so()
    {
        var image = Files.Quarters(8, 8);
        var decoded = PictureDecoder.Decode(Files.PngWithProfile(image, "p3"));
        decoded.Report.ShouldBe(["converted from an embedded colour profile"]);
        // Display P3's green is greener than sRGB can be.
        decoded.Pixels.Pixel(6, 1)[0].ShouldBe((byte)0);
    }

    [Fact]
    public void The_usual_profile_changes_nothing()
    {
        var image = Files.Noise(8, 8);
        var decoded = PictureDecoder.Decode(Files.PngWithProfile(image, "srgb"));
        decoded.Report.ShouldBeEmpty();
        decoded.Pixels.WithoutAlpha().Pixels.ShouldBe(image.Pixels);
    }

    [Fact]
    public void A_grey_picture_becomes_rgb()
    {
        var decoded = PictureDecoder.Decode(PictureEncoder.Png(new GrayImage(2, 1, [0, 200])));
        decoded.Pixels.Pixels.ShouldBe([0, 0, 0, 255, 200, 200, 200, 255]);
    }

    [Fact]
    public void An_empty_file_is_invalid() => Refused([], PictureException.Invalid, "empty");

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void A_file_cut_short_is_invalid(double part)
    {
        var image = Files.Noise(64, 64);
        foreach (var file in (byte[][])[PictureEncoder.Png(image), PictureEncoder.Jpeg(image), PictureEncoder.Webp(image)])
            Refused(file[..(int)(file.Length * part)], PictureException.Invalid, "cut short");
    }

    [Fact]
    public void Garbage_behind_a_right_signature_is_invalid()
    {
        byte[][] starts = [[0xFF, 0xD8, 0xFF, 0xE0], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [.. "RIFF\0\0\0\0WEBP"u8]];
        foreach (var start in starts)
            Refused([.. start, .. Files.Noise(10, 10).Pixels], PictureException.Invalid, "damaged");
    }

    [Fact]
    public void A_header_of_50000_by_50000_is_refused_before_decoding() =>
        Refused(Files.Png(Files.Header(50_000, 50_000), Files.Black(1, 1)), PictureException.TooLarge, "50000x50000");

    [Fact]
    public void A_picture_beyond_the_pixels_allowed_is_refused_in_every_format()
    {
        var limits = new PictureLimits { Pixels = 999 };
        var image = Files.Noise(40, 25);
        foreach (var file in (byte[][])[PictureEncoder.Png(image), PictureEncoder.Jpeg(image), PictureEncoder.Webp(image)])
        {
            Should.Throw<PictureException>(() => PictureDecoder.Decode(file, limits)).Code
                .ShouldBe(PictureException.TooLarge);
            PictureDecoder.Decode(file, limits with { Pixels = 1000 }).Pixels.Width.ShouldBe(40);
        }
    }

    [Fact]
    public void A_file_beyond_the_bytes_allowed_is_refused()
    {
        var file = PictureEncoder.Png(Files.Noise(20, 20));
        Should.Throw<PictureException>(() => PictureDecoder.Decode(file, new PictureLimits { Bytes = file.Length - 1 }))
            .Code.ShouldBe(PictureException.PayloadTooLarge);
    }

    [Fact]
    public void An_animated_webp_is_refused() => Refused(Files.AnimatedWebp(), PictureException.Animated, "WebP");

    [Fact]
    public void An_animated_png_is_refused_but_one_frame_is_none()
    {
        Refused(WithFrames(2), PictureException.Animated, "PNG");
        PictureDecoder.Decode(WithFrames(1)).Pixels.Width.ShouldBe(4);

        static byte[] WithFrames(byte frames) => Files.Png(
            Files.Header(4, 4), ("acTL", [0, 0, 0, frames, 0, 0, 0, 0]), Files.Black(4, 4), ("IEND", []));
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>", "SVG")]
    [InlineData("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG")]
    [InlineData("<!DOCTYPE html><html><body>picture.png</body></html>", "HTML")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("just some words", "JPEG, PNG or WebP")]
    public void Text_named_like_a_picture_is_unsupported(string text, string named) =>
        Refused(Encoding.UTF8.GetBytes(text), PictureException.Unsupported, named);

    [Fact]
    public void Other_formats_are_unsupported_and_the_message_says_what_to_send()
    {
        Refused(Files.Gif(), PictureException.Unsupported, "GIF is not accepted; send the picture as JPEG, PNG or WebP");
        Refused([0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0], PictureException.Unsupported, "HEIC");
        Refused([0, 0, 0, 24, .. "ftypavif"u8, 0, 0, 0, 0], PictureException.Unsupported, "AVIF");
        Refused([.. "II*\0"u8, 8, 0, 0, 0], PictureException.Unsupported, "TIFF");
    }

    [Fact]
    public void The_library_itself_refuses_other_formats()
    {
        // Should a file ever pass the look at its first bytes, its reader is blocked all the same.
        PictureDecoder.Decode(PictureEncoder.Png(Files.Noise(2, 2)));
        Should.Throw<NetVips.VipsException>(() => NetVips.Image.NewFromBuffer(Files.Gif()));
    }

    [Theory]
    [InlineData(1, 1152, 868, 576)]
    [InlineData(6, 868, 1152, 576)]
    [InlineData(1, 500, 400, 500)]
    [InlineData(3, 4200, 1000, 525)]
    public void A_jpeg_of_which_little_is_wanted_is_decoded_smaller_and_upright(int orientation, int width, int height, int longest)
    {
        var stored = orientation >= 5 ? Files.Quarters(height, width) : Files.Quarters(width, height);
        var file = Files.JpegWithOrientation(stored, orientation);

        var (small, fullWidth, fullHeight) = PictureDecoder.DecodeSmall(file, 500);

        (fullWidth, fullHeight, small.Orientation).ShouldBe((width, height, orientation));
        Math.Max(small.Pixels.Width, small.Pixels.Height).ShouldBe(longest);
        // The same corners as those of the whole picture.
        var whole = PictureDecoder.Decode(file).Pixels;
        foreach (var (x, y) in new[] { (0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9) })
        {
            var (one, other) = (At(small.Pixels, x, y), At(whole, x, y));
            for (var c = 0; c < 3; c++)
                ((int)one[c]).ShouldBeInRange(other[c] - 8, other[c] + 8);
        }

        static byte[] At(FlexEdit.Imaging.Pixels.RgbaImage picture, double x, double y) => picture.Pixel((int)(x * picture.Width), (int)(y * picture.Height))[..3].ToArray();
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.98)]
    public void A_file_cut_short_is_invalid_also_where_little_of_it_is_wanted(double part)
    {
        var file = Files.JpegWithOrientation(Files.Noise(1200, 900), 1);
        Should.Throw<PictureException>(() => PictureDecoder.DecodeSmall(file[..(int)(file.Length * part)], 500)).Code.ShouldBe(PictureException.Invalid);
    }

    private static void Refused(byte[] file, string code, string words)
    {
        var problem = Should.Throw<PictureException>(() => PictureDecoder.Decode(file));
        problem.Code.ShouldBe(code);
        problem.Message.ShouldContain(words);
    }

    /// <summary>The leading channel, or W for white.</summary>
    private static char Name(DecodedPicture picture, int x, int y)
    {
        var p = picture.Pixels.Pixel(x, y)[..3].ToArray();
        var ordered = p.Order().ToArray();
        return ordered[0] > 200 ? 'W' : ordered[2] - ordered[1] > 40 ? "RGB"[Array.IndexOf(p, ordered[2])] : '?';
    }
}
