using System.Buffers.Binary;
using System.IO.Hashing;
using FlexEdit.Imaging.Decoding;

namespace FlexEdit.Imaging.Provenance;

/// <summary>Puts an XMP packet into a picture's file (ISO 16684-3) beside its compressed pixels, of which no byte is touched.</summary>
public static class XmpEmbedding
{
    private const int PngHeader = 8 + 25; // The signature and the chunk IHDR, which is the first.
    private const int RiffHeader = 12;
    private const int ExtendedFlags = RiffHeader + 8;
    private const byte HasAlpha = 0x10;
    private const byte HasXmp = 0x04;
    private const byte LosslessSignature = 0x2f;

    /// <summary>The file with the packet in it.</summary>
    /// <param name="file">PNG, JPEG or lossless WebP as <see cref="PictureEncoder"/> writes them, without a packet.</param>
    /// <param name="packet">UTF-8.</param>
    /// <exception cref="PictureException">It is no such file, or JPEG has no room for the packet.</exception>
    public static byte[] Add(byte[] file, ReadOnlySpan<byte> packet) => FormatSniffer.Format(file) switch
    {
        PictureFormat.Png => AddToPng(file, packet),
        PictureFormat.Jpeg => AddToJpeg(file, packet),
        PictureFormat.Webp => AddToWebp(file, packet),
        var other => throw Unfit($"XMP is not put into {other}."),
    };

    // An iTXt chunk behind IHDR.
    private static byte[] AddToPng(ReadOnlySpan<byte> file, ReadOnlySpan<byte> packet)
    {
        // Keyword, not compressed, no language, no translated keyword.
        ReadOnlySpan<byte> head = "iTXtXML:com.adobe.xmp\0\0\0\0\0"u8;
        var chunk = new byte[4 + head.Length + packet.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, head.Length - 4 + packet.Length);
        head.CopyTo(chunk.AsSpan(4));
        packet.CopyTo(chunk.AsSpan(4 + head.Length));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32.HashToUInt32(chunk.AsSpan(4, chunk.Length - 8)));
        return [.. file[..PngHeader], .. chunk, .. file[PngHeader..]];
    }

    // A segment APP1 behind the start of the image and behind APP0, which JFIF wants first.
    private static byte[] AddToJpeg(ReadOnlySpan<byte> file, ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> head = "http://ns.adobe.com/xap/1.0/\0"u8;
        var length = 2 + head.Length + packet.Length;
        if (length > ushort.MaxValue)
            throw Unfit("The packet is larger than a segment of JPEG.");
        var start = file is [_, _, 0xff, 0xe0, ..] ? 4 + BinaryPrimitives.ReadUInt16BigEndian(file[4..]) : 2;
        return [.. file[..start], 0xff, 0xe1, (byte)(length >> 8), (byte)length, .. head, .. packet, .. file[start..]];
    }

    // A chunk 'XMP ' at the end, which the chunk VP8X at the beginning announces.
    private static byte[] AddToWebp(ReadOnlySpan<byte> file, ReadOnlySpan<byte> packet)
    {
        var odd = packet.Length % 2;
        byte[] result =
        [
            .. file[..RiffHeader], .. IsExtended(file) ? [] : ExtendedHeader(file), .. file[RiffHeader..],
            .. "XMP "u8, .. LittleEndian(packet.Length), .. packet, .. new byte[odd],
        ];
        result[ExtendedFlags] |= HasXmp;
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(4), result.Length - 8);
        return result;
    }

    private static bool IsExtended(ReadOnlySpan<byte> webp) => webp[RiffHeader..].StartsWith("VP8X"u8);

    // The canvas is the picture; both have their sizes less one. VP8L: signature, 14 bits of width, 14 of height, 1 of alpha.
    private static byte[] ExtendedHeader(ReadOnlySpan<byte> webp)
    {
        if (!webp[RiffHeader..].StartsWith("VP8L"u8) || webp[RiffHeader + 8] != LosslessSignature)
            throw Unfit("The WebP file is not a lossless one.");
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(webp[(RiffHeader + 9)..]);
        var (width, height, alpha) = ((int)(bits & 0x3fff), (int)((bits >> 14) & 0x3fff), (bits >> 28) & 1);
        return
        [
            .. "VP8X"u8, .. LittleEndian(10), (byte)(alpha == 1 ? HasAlpha : 0), 0, 0, 0,
            .. LittleEndian(width).AsSpan(0, 3), .. LittleEndian(height).AsSpan(0, 3),
        ];
    }

    private static byte[] LittleEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static PictureException Unfit(string why) => new(PictureException.Invalid, why);
}
