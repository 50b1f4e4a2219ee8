using System.Text;
using FlexEdit.Contracts.Assets;
using FlexEdit.Gateway.Uploads;

namespace FlexEdit.Gateway.Pictures;

/// <summary>A picture of a request: its file, or what it names instead, which is looked up before pictures are opened.</summary>
internal sealed record PictureField
{
    /// <summary>Longest text that names a picture, bytes.</summary>
    public const int LongestReference = 4096;

    private static readonly byte[][] s_beginnings = [.. new[] { "ast_", "https:", "http:" }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The id of an asset or a URL, as it was sent; null where the file itself was.</summary>
    public string? Reference { get; init; }

    /// <summary>The file; null while it is not looked up, or where the asset's decoding is there already.</summary>
    public Upload? File { get; init; }

    /// <summary>The asset that was named; null where none was, or none is looked up yet.</summary>
    public StoredAsset? Asset { get; init; }

    /// <summary>What tells this picture from another one in a request.</summary>
    public string Identity => Reference ?? File!.Sha256;

    /// <summary>Whether a field's text names a picture; no picture file begins like that.</summary>
    public static bool IsReference(ReadOnlySpan<byte> text)
    {
        foreach (var beginning in s_beginnings)
        {
            if (text.Length >= beginning.Length && Ascii.EqualsIgnoreCase(text[..beginning.Length], beginning))
                return true;
        }
        return false;
    }
}
