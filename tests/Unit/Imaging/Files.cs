using System.Buffers.Binary;
using System.IO.Compression;
using FlexEdit.Imaging.Pixels;
using NetVips;

namespace FlexEdit.Tests.Unit.Imaging;

/// <summary>Real picture files, made for the tests.</summary>
internal static class Files
{
    /// <summary>Four quarters of red, green, blue and white.</summary>
    public static RgbImage Quarters(int width, int height)
    {
        var image = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> colour = (x < width / 2, y < height / 2) switch
                {
                    (true, true) => [250, 10, 10],
                    (false, true) => [10, 250, 10],
                    (true, false) => [10, 10, 250],
                    _ => [250, 250, 250],
                };
                colour.CopyTo(image.Pixel(x, y));
            }
        }

        return image;
    }

    public static RgbImage Noise(int width, int height)
    {
        var image = new RgbImage(width, height);
        new Random(5).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>A JPEG whose samples lie as the camera held it, with the orientation tag that turns them upright.</summary>
    public static byte[] JpegWithOrientation(RgbImage stored, int orientation)
    {
        using var image = Image.NewFromMemory(stored.Pixels, stored.Width, stored.Height, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb)
            .Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
        return image.JpegsaveBuffer(q: 98);
    }

    public static byte[] CmykJpeg(int width, int height)
    {
        using var rgb = Image.NewFromMemory(Quarters(width, height).Pixels, width, height, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        using var cmyk = rgb.Colourspace(Enums.Interpretation.Cmyk);
        return cmyk.JpegsaveBuffer(q: 98);
    }

    public static byte[] Png16(int width, int height, bool alpha)
    {
        using var eight = Image.NewFromMemory(Quarters(width, height).Pixels, width, height, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        using var sixteen = eight.Colourspace(Enums.Interpretation.Rgb16);
        using var result = alpha ? sixteen.Bandjoin(0x8080) : sixteen.Copy();
        return result.PngsaveBuffer();
    }

    public static byte[] PngWithProfile(RgbImage image, string profile)
    {
        using var plain = Image.NewFromMemory(image.Pixels, image.Width, image.Height, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        return plain.PngsaveBuffer(keep: Enums.ForeignKeep.Icc, profile: profile);
    }

    public static byte[] AnimatedWebp()
    {
        using var pages = Image.NewFromMemory(Noise(16, 32).Pixels, 16, 32, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb)
            .Mutate(m => m.Set(GValue.GIntType, "page-height", 16));
        return pages.WebpsaveBuffer();
    }

    public static byte[] Gif()
    {
        using var image = Image.Black(8, 8);
        return image.GifsaveBuffer();
    }

    /// <summary>A PNG with chosen chunks; each gets a right checksum.</summary>
    public static byte[] Png(params (string Type, byte[] Data)[] chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> number = stackalloc byte[4];
        foreach (var (type, data) in chunks)
        {
            byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(body));
            file.Write(number);
        }

        return file.ToArray();
    }

    /// <summary>The header chunk of an 8-bit RGB picture.</summary>
    public static (string Type, byte[] Data) Header(int width, int height)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9]) = (8, 2);
        return ("IHDR", data);
    }

    /// <summary>The data chunk of a black 8-bit RGB picture.</summary>
    public static (string Type, byte[] Data) Black(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(new byte[((width * 3) + 1) * height]);
        return ("IDAT", packed.ToArray());
    }

    /// <summary>CRC-32 as PNG has it (third edition, annex D).</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
