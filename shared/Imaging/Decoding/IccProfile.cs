using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Imaging.Decoding;

/// <summary>As much of a colour profile as it takes to see that there is nothing to convert.</summary>
internal static class IccProfile
{
    private const int HeaderLength = 128;

    /// <summary>
    /// Whether the profile's description names sRGB (ICC.1:2022, 7.3 and 9.2.41): most tagged pictures are, and a
    /// conversion would only round their values.
    /// </summary>
    public static bool IsSrgb(ReadOnlySpan<byte> profile)
    {
        if (profile.Length < HeaderLength + 4)
            return false;
        var tags = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]), 200);
        for (var i = 0; i < tags; i++)
        {
            var at = HeaderLength + 4 + (12 * i);
            if (at + 12 > profile.Length)
                return false;
            if (!profile.Slice(at, 4).SequenceEqual("desc"u8))
                continue;
            var offset = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 4)..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(profile[(at + 8)..]);
            if (offset > profile.Length || length > profile.Length - offset)
                return false;
            // Version 2 has ASCII here, version 4 UTF-16: without its zeros that is the same.
            var text = Encoding.Latin1.GetString(profile.Slice((int)offset, (int)length)).Replace("\0", "", StringComparison.Ordinal);
            return text.Contains("sRGB", StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }
}
