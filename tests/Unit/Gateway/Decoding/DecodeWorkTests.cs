using System.Text;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Decoding.Child;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Decoding;

public sealed class DecodeWorkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-decode-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, byte[]> Foreign => new()
    {
        { "HEIC", [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[20]] },
        { "AVIF", [0, 0, 0, 24, .. "ftypavif"u8, .. new byte[20]] },
        { "TIFF", [.. "II*\0"u8, .. new byte[20]] },
        { "TIFF", [.. "MM\0*"u8, .. new byte[20]] },
        { "GIF", [.. "GIF89a"u8, .. new byte[20]] },
        { "PDF", [.. "%PDF-1.7\n"u8, .. new byte[20]] },
        { "SVG", Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><!-- x --><svg xmlns=\"http://www.w3.org/2000/svg\"/>") },
        { "HTML", Encoding.UTF8.GetBytes("<!doctype html><title>x</title>") },
        { "no picture", Encoding.UTF8.GetBytes("MATLAB 5.0 MAT-file") },
        { "no picture", [0x89] },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Refuses_other_kinds_of_file_by_their_first_bytes_and_says_what_to_send(string kind, byte[] file)
    {
        var answer = Run(DecodeRequest.Picture, file);
        (answer.Code, answer.Param).ShouldBe(("unsupported_image", "scene"));
        answer.Detail!.ShouldContain(kind);
        answer.Detail!.ShouldContain("JPEG, PNG or WebP");
        File.Exists(Target).ShouldBeFalse();
    }

    [Fact]
    public void Refuses_an_empty_and_a_cut_file()
    {
        Run(DecodeRequest.Picture, []).Code.ShouldBe("invalid_image");
        Run(DecodeRequest.Picture, Pictures.SceneJpeg(300, 200)[..2000]).Code.ShouldBe("invalid_image");
    }

    [Fact]
    public void Refuses_a_picture_beyond_the_limits()
    {
        Run(DecodeRequest.Picture, Pictures.Scene(101, 20), maxSide: 100).Code.ShouldBe("image_too_large");
        Run(DecodeRequest.Picture, Pictures.Scene(60, 40), maxPixels: 2399).Code.ShouldBe("image_too_large");
        Run(DecodeRequest.Picture, Pictures.Scene(60, 40), maxPixels: 2400).Code.ShouldBeNull();
    }

    [Fact]
    public void Writes_the_upright_picture_with_alpha_only_where_there_is_some()
    {
        Run(DecodeRequest.Picture, Pictures.SceneJpeg()).ContentType.ShouldBe("image/jpeg");
        PictureDecoder.DecodeFile(Target).HasAlpha.ShouldBeFalse();
        Run(DecodeRequest.Picture, PictureEncoder.Png(new RgbaImage(5, 4))).ShouldSatisfyAllConditions(
            answer => (answer.Width, answer.Height).ShouldBe((5, 4)),
            answer => answer.ContentType.ShouldBe("image/png"));
        PictureDecoder.DecodeFile(Target).HasAlpha.ShouldBeTrue();
    }

    [Fact]
    public void Scales_a_mask_of_the_same_shape_and_says_so()
    {
        var answer = Run(DecodeRequest.Mask, Pictures.Mask(30, 20));
        answer.Code.ShouldBeNull(answer.Detail);
        answer.Report.ShouldContain("scaled from 30x20 to the scene's 60x40");
        var mask = PictureDecoder.DecodeFile(Target).Pixels;
        (mask.Width, mask.Height).ShouldBe((60, 40));
        (mask.Pixel(29, 10)[0], mask.Pixel(30, 10)[0]).ShouldBe(((byte)255, (byte)0));
    }

    [Theory]
    [InlineData(40, 60)]
    [InlineData(60, 41)]
    [InlineData(61, 40)]
    public void Refuses_a_mask_of_another_shape(int width, int height)
    {
        var answer = Run(DecodeRequest.Mask, Pictures.Mask(width, height));
        (answer.Code, answer.Param).ShouldBe(("mask_size_mismatch", "scene"));
        answer.Detail!.ShouldContain($"{width}x{height}");
        answer.Detail!.ShouldContain("60x40");
    }

    [Fact]
    public void Refuses_an_empty_mask_and_reports_a_full_one()
    {
        Run(DecodeRequest.Mask, Pictures.Plain(127)).Code.ShouldBe("mask_empty");
        Run(DecodeRequest.Mask, Pictures.Plain(128)).Report.ShouldContain("covers the whole picture");
    }

    [Fact]
    public void Draws_shapes_as_the_rasteriser_does()
    {
        var shapes = """[{"type":"rectangle","x":10,"y":5,"width":20,"height":10},{"type":"circle","op":"subtract","cx":20,"cy":10,"r":3}]""";
        Run(DecodeRequest.Shapes, Encoding.UTF8.GetBytes(shapes)).Code.ShouldBeNull();
        var expected = FlexEdit.Masks.Shapes.MarkRasteriser.Draw(FlexEdit.Masks.Shapes.MarkReader.Read(shapes), 60, 40);
        PictureDecoder.DecodeFile(Target).Pixels.Pixels.Where((_, i) => i % 4 == 0).ShouldBe(expected.Pixels);
    }

    [Theory]
    [InlineData("""[{"type":"circle","cx":1,"cy":1}]""", "mask_invalid", "scene[0].r")]
    [InlineData("""[{"type":"star"}]""", "mask_invalid", "scene[0].type")]
    [InlineData("{", "mask_invalid", "scene")]
    [InlineData("[]", "mask_empty", "scene")]
    [InlineData("""[{"type":"circle","cx":-50,"cy":-50,"r":3}]""", "mask_empty", "scene")]
    public void Names_the_faulty_field_of_a_shape(string shapes, string code, string param)
    {
        var answer = Run(DecodeRequest.Shapes, Encoding.UTF8.GetBytes(shapes));
        (answer.Code, answer.Param).ShouldBe((code, param));
    }

    private string Target => Path.Combine(_folder, "target.png");

    private DecodeAnswer Run(string kind, byte[] file, int maxSide = 16_384, long maxPixels = 50_000_000)
    {
        var source = Path.Combine(_folder, "source");
        File.WriteAllBytes(source, file);
        return DecodeWork.Run(new DecodeRequest
        {
            Kind = kind,
            Field = "scene",
            Source = source,
            Target = Target,
            MaxBytes = 25_000_000,
            MaxPixels = maxPixels,
            MaxSide = maxSide,
            Width = 60,
            Height = 40,
        });
    }
}
