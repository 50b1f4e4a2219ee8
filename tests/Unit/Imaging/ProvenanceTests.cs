using System.Buffers.Binary;
using System.Text;
using System.Xml.Linq;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Imaging.Provenance;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Imaging;

/// <summary>What is written here is read by libvips.</summary>
public class ProvenanceTests
{
    private static readonly XNamespace s_iptc = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";

    public static TheoryData<string, bool> Files => new() { { "png", false }, { "png", true }, { "jpeg", false }, { "webp", false }, { "webp", true } };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_packet_comes_back_as_it_was_and_no_pixel_changes(string format, bool withAlpha)
    {
        var plain = Encode(format, withAlpha);
        var packet = ProvenancePacket.Of("FlexEdit Services 0.1.0", "flexedit-tiny", "edt_01");

        var marked = XmpEmbedding.Add(plain, packet);

        using (var read = NetVips.Image.NewFromBuffer(marked))
            ((byte[])read.Get("xmp-data")).ShouldBe(packet);
        using (var before = NetVips.Image.NewFromBuffer(plain))
            before.Contains("xmp-data").ShouldBeFalse();
        var (was, now) = (PictureDecoder.Decode(plain), PictureDecoder.Decode(marked));
        now.Pixels.Pixels.ShouldBe(was.Pixels.Pixels);
        (now.HasAlpha, now.Format).ShouldBe((was.HasAlpha, was.Format));
        now.Report.ShouldBe(was.Report);
        // The pixels' own bytes are there in one piece.
        marked.AsSpan().IndexOf(plain.AsSpan(plain.Length - 40)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_packet_says_what_a_model_did_and_names_model_and_edit()
    {
        var text = Encoding.UTF8.GetString(ProvenancePacket.Of("FlexEdit Services 0.1.0", "a<b>&\"", "edt_01"));

        text.ShouldStartWith("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>");
        text.ShouldEndWith("<?xpacket end=\"r\"?>");
        var description = XDocument.Parse(text).Descendants().Single(element => element.Name.LocalName == "Description");
        description.Element(s_iptc + "DigitalSourceType")!.Value.ShouldBe("http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia");
        description.Element(s_iptc + "AISystemUsed")!.Value.ShouldBe("a<b>&\"");
        description.Elements().Select(element => element.Name.LocalName).ShouldBe(["DigitalSourceType", "AISystemUsed", "CreatorTool", "identifier"]);
    }

    [Fact]
    public void A_webp_says_its_size_transparency_and_packet_up_front()
    {
        var marked = XmpEmbedding.Add(Encode("webp", withAlpha: true), new byte[101]);

        BinaryPrimitives.ReadInt32LittleEndian(marked.AsSpan(4)).ShouldBe(marked.Length - 8);
        Encoding.ASCII.GetString(marked, 12, 4).ShouldBe("VP8X");
        marked[20].ShouldBe((byte)0x14);
        (BinaryPrimitives.ReadUInt16LittleEndian(marked.AsSpan(24)) + 1, BinaryPrimitives.ReadUInt16LittleEndian(marked.AsSpan(27)) + 1).ShouldBe((37, 23));
        (marked.Length % 2).ShouldBe(0);
        // Again: into a file that is extended already.
        using var read = NetVips.Image.NewFromBuffer(XmpEmbedding.Add(Encode("webp", withAlpha: false), "once"u8));
        read.Width.ShouldBe(37);
    }

    [Fact]
    public void Refuses_files_that_are_not_its_own()
    {
        Should.Throw<PictureException>(() => XmpEmbedding.Add("GIF89a"u8.ToArray(), "x"u8));
        Should.Throw<PictureException>(() => XmpEmbedding.Add(Encode("jpeg", false), new byte[70_000]));
        byte[] lossy = [.. "RIFF\x18\0\0\0WEBPVP8 \x0c\0\0\0"u8, .. new byte[12]];
        Should.Throw<PictureException>(() => XmpEmbedding.Add(lossy, "x"u8)).Message.ShouldContain("lossless");
    }

    private static byte[] Encode(string format, bool withAlpha)
    {
        var picture = new RgbaImage(37, 23);
        for (var i = 0; i < picture.Pixels.Length; i++)
            picture.Pixels[i] = (byte)(i % 4 == 3 ? (withAlpha ? i * 5 : 255) : i * 7);
        Raster raster = withAlpha ? picture : picture.WithoutAlpha();
        return format switch
        {
            "png" => PictureEncoder.Png(raster),
            "webp" => PictureEncoder.Webp(raster),
            _ => PictureEncoder.Jpeg(raster),
        };
    }
}
