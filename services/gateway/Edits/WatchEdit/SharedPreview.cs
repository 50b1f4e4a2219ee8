using System.Buffers.Text;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>A preview that many streams show: its bytes, and once for all of them their base 64.</summary>
/// <param name="jpeg">The picture.</param>
internal sealed class SharedPreview(byte[] jpeg)
{
    private readonly Lazy<byte[]> _base64 = new(() =>
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(jpeg.Length)];
        Base64.EncodeToUtf8(jpeg, text, out _, out _);
        return text;
    });

    /// <summary>The picture, as JPEG.</summary>
    public ReadOnlyMemory<byte> Jpeg => jpeg;

    /// <summary>The picture in base 64, as UTF-8.</summary>
    public ReadOnlyMemory<byte> Base64Text => _base64.Value;
}
