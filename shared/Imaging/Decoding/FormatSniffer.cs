using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Imaging.Decoding;

/// <summary>
/// Tells a file's format by its first bytes, whatever its name says, and what can be known before any decoder runs:
/// a PNG's size and whether there is more than one frame.
/// </summary>
internal static class FormatSniffer
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="PictureException">Empty, or of another format, which is named.</exception>
    public static PictureFormat Format(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            throw new PictureException(PictureException.Invalid, "The picture is empty: it has no bytes.");
        if (bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
            return PictureFormat.Jpeg;
        if (bytes.StartsWith(PngSignature))
            return PictureFormat.Png;
        if (bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..12].SequenceEqual("WEBP"u8))
            return PictureFormat.Webp;

        var name = OtherFormat(bytes);
        throw new PictureException(
            PictureException.Unsupported,
            name is null
                ? "This file is no picture that can be read; send JPEG, PNG or WebP."
                : $"{name} is not accepted; send the picture as JPEG, PNG or WebP.");
    }

    /// <summary>Refuses files with more than one frame, and PNG headers beyond the limits.</summary>
    public static void Check(ReadOnlySpan<byte> bytes, PictureFormat format, PictureLimits limits)
    {
        if (format == PictureFormat.Png)
            CheckPng(bytes, limits);
        else if (format == PictureFormat.Webp)
            CheckWebp(bytes);
    }

    private static void CheckPng(ReadOnlySpan<byte> bytes, PictureLimits limits)
    {
        // PNG third edition, 5.3: length, type, data, CRC; the header comes first, acTL before the first IDAT.
        var at = PngSignature.Length;
        while (at + 8 <= bytes.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var type = bytes.Slice(at + 4, 4);
            if (type.SequenceEqual("IHDR"u8) && at + 16 <= bytes.Length)
            {
                limits.Check(
                    BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8)..]),
                    BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 12)..]));
            }

            if (type.SequenceEqual("IDAT"u8))
                return;
            // A single frame is no animation.
            if (type.SequenceEqual("acTL"u8) && at + 12 <= bytes.Length
                && BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8)..]) > 1)
            {
                throw Animated("PNG");
            }

            if (length > (uint)bytes.Length)
                return;
            at += 12 + (int)length;
        }
    }

    private static void CheckWebp(ReadOnlySpan<byte> bytes)
    {
        // RFC 9649, 2.7: the extended header's flags, of which the second bit is animation.
        if (bytes.Length > 20 && bytes[12..16].SequenceEqual("VP8X"u8) && (bytes[20] & 0x02) != 0)
            throw Animated("WebP");
    }

    private static PictureException Animated(string format) => new(
        PictureException.Animated, $"This {format} is animated; send one frame as a still picture.");

    private static string? OtherFormat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("GIF8"u8))
            return "GIF";
        if (bytes.StartsWith("%PDF"u8))
            return "PDF";
        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8))
            return "TIFF";
        if (bytes.StartsWith("BM"u8))
            return "BMP";
        if (bytes.Length >= 12 && bytes[4..8].SequenceEqual("ftyp"u8))
            return bytes[8..12].StartsWith("avi"u8) ? "AVIF" : "HEIC";
        if (bytes.StartsWith<byte>([0xFF, 0x0A]) || bytes.StartsWith("\0\0\0\fJXL "u8))
            return "JPEG XL";

        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 512)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.Contains("<svg", StringComparison.OrdinalIgnoreCase))
            return "SVG";
        if (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
        {
            return "HTML";
        }

        return text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? "XML" : null;
    }
}
