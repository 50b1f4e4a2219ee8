using System.Buffers.Binary;
using System.Text;
using NetVips;

namespace FlexEdit.Tests.EndToEnd.Pictures;

/// <summary>Files that people and attackers send.</summary>
internal static class BadFiles
{
    private static readonly uint[] s_crcTable = CrcTable();

    public static byte[] Svg => """<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>"""u8.ToArray();

    public static byte[] Html => "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"u8.ToArray();

    public static byte[] Noise => [.. Enumerable.Range(0, 5000).Select(i => (byte)((i * 7919) >> 3))];

    public static byte[] CutShort(byte[] file) => file[..(file.Length * 2 / 3)];

    /// <summary>A correct PNG header that claims 50,000 x 50,000 pixels, and next to nothing behind it.</summary>
    public static byte[] HugeHeader()
    {
        var file = Scenes.PhotographPng(8, 8);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), 50_000);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), 50_000);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Crc(file.AsSpan(12, 17)));
        return file;
    }

    /// <summary>A PNG that is animated (APNG): an acTL chunk with two frames before the pixels.</summary>
    public static byte[] AnimatedPng()
    {
        var file = Scenes.PhotographPng(32, 32);
        const int afterHeader = 33;
        var control = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(control, 8);
        "acTL"u8.CopyTo(control.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(control.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(control.AsSpan(16), Crc(control.AsSpan(4, 12)));
        return [.. file[..afterHeader], .. control, .. file[afterHeader..]];
    }

    public static byte[] AnimatedWebp() => Frames(frames => frames.WebpsaveBuffer());

    public static byte[] Gif() => Frames(frames => frames.GifsaveBuffer());

    public static byte[] CmykJpeg()
    {
        using var photograph = Of(160, 120);
        using var cmyk = photograph.IccTransform("cmyk", inputProfile: "srgb");
        return cmyk.JpegsaveBuffer();
    }

    public static byte[] SixteenBitPng()
    {
        using var photograph = Of(160, 120);
        using var wide = photograph.Colourspace(Enums.Interpretation.Rgb16);
        return wide.PngsaveBuffer();
    }

    public static byte[] Tiff()
    {
        using var photograph = Of(64, 64);
        return photograph.TiffsaveBuffer();
    }

    /// <summary>More bytes than a picture may have, although few pixels: a comment of 26 MB in a text chunk.</summary>
    public static byte[] TooManyBytes()
    {
        var file = Scenes.PhotographPng(32, 32);
        var text = new byte[12 + 26_000_000];
        BinaryPrimitives.WriteUInt32BigEndian(text, 26_000_000);
        Encoding.ASCII.GetBytes("tEXtComment", text.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(text.AsSpan(text.Length - 4), Crc(text.AsSpan(4, text.Length - 8)));
        return [.. file[..33], .. text, .. file[33..]];
    }

    private static Image Of(int width, int height)
    {
        using var decoded = Image.NewFromBuffer(Scenes.PhotographPng(width, height));
        return decoded.CopyMemory();
    }

    private static byte[] Frames(Func<Image, byte[]> save)
    {
        using var one = Of(32, 32);
        using var other = one.Invert();
        using var both = one.Join(other, Enums.Direction.Vertical);
        using var frames = both.Mutate(mutable =>
        {
            mutable.Set(GValue.GIntType, "page-height", 32);
            mutable.Set(GValue.ArrayIntType, "delay", new[] { 100, 100 });
        });
        return save(frames);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = s_crcTable[(crc ^ value) & 255] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] CrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
