using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FlexEdit.Gateway.Decoding;
using FlexEdit.Gateway.Decoding.Child;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Tests.Unit.Imaging;
using NetVips;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Decoding;

/// <summary>Pictures that nobody makes by mistake: each is refused with a code, or read as what it says it is.</summary>
public sealed class HostilePictureTests : IDisposable
{
    private const string Fine = "";

    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-hostile-").FullName;

    private static readonly (string, byte[]) s_end = ("IEND", []);

    private static readonly Dictionary<string, (Func<byte[]> File, string Code)> s_pictures = new(StringComparer.Ordinal)
    {
        ["nothing but a signature"] = (() => Files.Png(), "invalid_image"),
        ["nothing but the start of a JPEG"] = (() => [0xFF, 0xD8, 0xFF], "invalid_image"),
        ["65,535 pixels high and one wide"] = (() => Files.Png(Files.Header(1, 65_535), Files.Black(1, 65_535), s_end), "image_too_large"),
        ["16,384 pixels high and one wide"] = (() => Files.Png(Files.Header(1, 16_384), Files.Black(1, 16_384), s_end), Fine),
        ["a megapixel of zeros, all that is allowed"] = (() => Files.Png(Files.Header(1000, 1000), Files.Black(1000, 1000), s_end), Fine),
        ["a line more than that"] = (() => Files.Png(Files.Header(1000, 1001), Files.Black(1000, 1001), s_end), "image_too_large"),
        ["a second header with another size"] = (() => Files.Png(Files.Header(8, 8), Files.Header(30_000, 30_000), Files.Black(8, 8), s_end), "image_too_large"),
        ["a wrong checksum"] = (() => Spoilt(Files.Png(Files.Header(8, 8), Files.Black(8, 8), s_end), 30), "invalid_image"),
        ["an empty data chunk"] = (() => Files.Png(Files.Header(8, 8), ("IDAT", []), Files.Black(8, 8), s_end), Fine),
        ["no data"] = (() => Files.Png(Files.Header(8, 8), s_end), "invalid_image"),
        ["data for half of it"] = (() => Files.Png(Files.Header(8, 8), Files.Black(8, 4), s_end), "invalid_image"),
        ["100,000 chunks"] = (() => Files.Png([Files.Header(8, 8), .. Enumerable.Repeat(("tEXt", "a\0b"u8.ToArray()), 100_000), Files.Black(8, 8), s_end]), Fine),
        ["200 MB of text, packed"] = (() => Files.Png(Files.Header(8, 8), ("zTXt", [.. "a\0\0"u8, .. Packed(200_000_000)]), Files.Black(8, 8), s_end), Fine),
        ["a colour profile of 200 MB, packed"] = (() => Files.Png(Files.Header(8, 8), ("iCCP", [.. "a\0\0"u8, .. Packed(200_000_000)]), Files.Black(8, 8), s_end), Fine),
        ["a colour profile that is none"] = (() => Files.Png(Files.Header(8, 8), ("iCCP", [.. "a\0\0"u8, .. Packed(1000)]), Files.Black(8, 8), s_end), Fine),
        ["a palette too short for its pixels"] = (() => Files.Png(Header(8, 8, bits: 8, colours: 3), ("PLTE", [1, 2, 3]), ("IDAT", Packed([0, 9, 9, 9, 9, 9, 9, 9, 9, .. new byte[7 * 9]])), s_end), Fine),
        ["one bit a pixel"] = (() => Files.Png(Header(8, 8, bits: 1, colours: 0), ("IDAT", Packed(16)), s_end), Fine),
        ["a bit depth that is none"] = (() => Files.Png(Header(8, 8, bits: 3, colours: 0), ("IDAT", Packed(32)), s_end), "invalid_image"),
        ["a JPEG with 1,000 scans"] = (static () => Scans(1000), "invalid_image"),
        ["EXIF that leads back to itself"] = (() => WithExif([.. "MM\0*\0\0\0\b"u8, 0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8]), Fine),
        ["EXIF that leads beyond its end"] = (() => WithExif([.. "II*\0"u8, 0xFF, 0xFF, 0xFF, 0x7F]), Fine),
        ["EXIF of 60 kB of nothing"] = (() => WithExif(new byte[60_000]), Fine),
        ["5 MB behind the end"] = (static () => [.. Files.Png(Files.Header(8, 8), Files.Black(8, 8), s_end), .. new byte[5_000_000]], Fine),
        ["a MATLAB file"] = (static () => [.. "MATLAB 5.0 MAT-file, Platform: GLNX86"u8, .. new byte[200]], "unsupported_image"),
        ["a FITS file"] = (static () => Encoding.ASCII.GetBytes("SIMPLE  =                    T".PadRight(2880)), "unsupported_image"),
        ["an OpenEXR file"] = (static () => [0x76, 0x2F, 0x31, 0x01, 2, 0, 0, 0, .. new byte[64]], "unsupported_image"),
        ["a vips file"] = (static () => [0x08, 0xF2, 0xA6, 0xB6, .. new byte[60]], "unsupported_image"),
        ["a PPM file"] = (static () => [.. "P6 1 1 255\n"u8, 1, 2, 3], "unsupported_image"),
        ["PostScript"] = (static () => "%!PS-Adobe-3.0 EPSF-3.0\n"u8.ToArray(), "unsupported_image"),
        ["an MVG file"] = (static () => "push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/'"u8.ToArray(), "unsupported_image"),
        ["a Photoshop file"] = (static () => [.. "8BPS"u8, 0, 1, .. new byte[60]], "unsupported_image"),
        ["an icon"] = (static () => [0, 0, 1, 0, 1, 0, .. new byte[60]], "unsupported_image"),
        ["a BMP"] = (static () => [.. "BM"u8, .. new byte[60]], "unsupported_image"),
        ["an SVG that reads a file"] = (static () => """<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>"""u8.ToArray(), "unsupported_image"),
        ["a billion laughs"] = (static () => """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>"""u8.ToArray(), "unsupported_image"),
    };

    public static TheoryData<string> Names => [.. s_pictures.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_or_read(string name)
    {
        var (file, code) = s_pictures[name];

        var answer = Run(file());

        (answer.Code ?? Fine).ShouldBe(code, answer.Detail);
        if (code == Fine)
            PictureDecoder.Decode(File.ReadAllBytes(Target)).Pixels.Width.ShouldBe(answer.Width);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65_535)]
    public void An_orientation_that_is_none_turns_nothing(int orientation)
    {
        var answer = Run(WithExif([.. "MM\0*\0\0\0\b"u8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, (byte)(orientation >> 8), (byte)orientation, 0, 0, 0, 0, 0, 0]));

        (answer.Code, answer.Width, answer.Height).ShouldBe((null, 16, 8));
        answer.Report.ShouldBeEmpty();
    }

    [Fact]
    public void What_stands_behind_a_pictures_end_or_in_its_chunks_is_not_kept()
    {
        const string Secret = "<script>alert(1)</script>";
        var text = Encoding.ASCII.GetBytes(Secret);

        Run([.. Files.Png(Files.Header(8, 8), ("tEXt", [.. "Comment\0"u8, .. text]), ("eXIf", [.. "II*\0"u8, .. text]), Files.Black(8, 8), s_end), .. "PK\u0003\u0004"u8, .. text]).Code.ShouldBeNull();

        var kept = Encoding.Latin1.GetString(File.ReadAllBytes(Target));
        kept.ShouldNotContain(Secret);
        kept.ShouldNotContain("PK\u0003\u0004");
        kept.ShouldNotContain("eXIf");
    }

    private string Target => Path.Combine(_folder, "target.png");

    private DecodeAnswer Run(byte[] file)
    {
        var source = Path.Combine(_folder, "source");
        File.WriteAllBytes(source, file);
        return DecodeWork.Run(new DecodeRequest
        {
            Kind = DecodeRequest.Picture,
            Field = "scene",
            Source = source,
            Target = Target,
            MaxBytes = 25_000_000,
            MaxPixels = 1_000_000,
            MaxSide = 16_384,
        });
    }

    private static (string, byte[]) Header(int width, int height, byte bits, byte colours)
    {
        var header = Files.Header(width, height);
        (header.Data[8], header.Data[9]) = (bits, colours);
        return header;
    }

    private static byte[] Packed(int zeros)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            var block = new byte[1 << 16];
            for (; zeros > 0; zeros -= block.Length)
                zlib.Write(block, 0, Math.Min(zeros, block.Length));
        }
        return packed.ToArray();
    }

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Spoilt(byte[] file, int at)
    {
        file[at] ^= 1;
        return file;
    }

    private static byte[] Jpeg(bool progressive = false)
    {
        using var image = Image.NewFromMemory(Files.Quarters(16, 8).Pixels, 16, 8, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return image.JpegsaveBuffer(interlace: progressive, keep: Enums.ForeignKeep.None);
    }

    /// <summary>The last scan of a progressive JPEG again and again: each costs a pass over the whole picture.</summary>
    private static byte[] Scans(int count)
    {
        var file = Jpeg(progressive: true);
        var last = file.AsSpan().LastIndexOf([(byte)0xFF, (byte)0xDA]);
        return [.. file[..last], .. Enumerable.Repeat(file[last..^2], count).SelectMany(scan => scan), 0xFF, 0xD9];
    }

    private static byte[] WithExif(byte[] tiff)
    {
        var file = Jpeg();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(2 + 6 + tiff.Length));
        return [.. file[..2], 0xFF, 0xE1, .. length, .. "Exif\0\0"u8, .. tiff, .. file[2..]];
    }
}
