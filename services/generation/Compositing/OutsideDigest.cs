using System.Security.Cryptography;
using FlexEdit.Masks;

namespace FlexEdit.Generation.Compositing;

/// <summary>The proof that anybody can recompute: SHA-256 of the RGBA pixels of a picture with a rectangle set to zero (API.md).</summary>
public static class OutsideDigest
{
    /// <summary>Reads one row of a picture, <c>width · bands</c> bytes.</summary>
    public delegate void ReadRow(int y, Span<byte> row);

    /// <summary>The scene's digest, lower-case hexadecimal.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="region">The rectangle; empty for none.</param>
    public static string Of(SceneRaster scene, Box region) =>
        Of(scene.Width, scene.Height, scene.Bands, region, (y, row) => scene.Row(y).CopyTo(row));

    /// <summary>A finished picture's digest, lower-case hexadecimal.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="region">The rectangle; empty for none.</param>
    public static string Of(CompositedPicture picture, Box region) =>
        Of(picture.Scene.Width, picture.Scene.Height, picture.Scene.Bands, region, picture.CopyRow);

    private static string Of(int width, int height, int bands, Box region, ReadRow read)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var row = new byte[width * bands];
        var rgba = bands == 4 ? row : new byte[width * 4];
        for (var y = 0; y < height; y++)
        {
            read(y, row);
            if (bands == 3)
                AddOpacity(row, rgba);
            if (y >= region.Y && y < region.Bottom)
                rgba.AsSpan(region.X * 4, region.Width * 4).Clear();
            hash.AppendData(rgba);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AddOpacity(ReadOnlySpan<byte> rgb, Span<byte> rgba)
    {
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgba[to] = rgb[from];
            rgba[to + 1] = rgb[from + 1];
            rgba[to + 2] = rgb[from + 2];
            rgba[to + 3] = 255;
        }
    }
}
