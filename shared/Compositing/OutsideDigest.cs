using System.Security.Cryptography;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Compositing;

/// <summary>The proof that anybody can recompute: SHA-256 of the RGBA pixels of a picture with a rectangle set to zero (API.md).</summary>
public static class OutsideDigest
{
    private delegate void ReadRow(int y, Span<byte> row);

    /// <summary>The scene's digest, lower-case hexadecimal.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="region">The rectangle; empty for none.</param>
    public static string Of(RgbaImage scene, Box region) =>
        Of(scene.Width, scene.Height, region, (y, row) => scene.Row(y).CopyTo(row));

    /// <summary>A finished picture's digest, lower-case hexadecimal.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="region">The rectangle; empty for none.</param>
    public static string Of(CompositedPicture picture, Box region) =>
        Of(picture.Scene.Width, picture.Scene.Height, region, picture.CopyRow);

    private static string Of(int width, int height, Box region, ReadRow read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var row = new byte[width * 4];
        for (var y = 0; y < height; y++)
        {
            read(y, row);
            if (y >= region.Y && y < region.Bottom)
                row.AsSpan(region.X * 4, region.Width * 4).Clear();
            hash.AppendData(row);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
