using System.Globalization;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>
/// The escapes that JSON writers put into base 64 (<c>\/</c>, <c>\u002B</c>), undone block by block.
/// </summary>
internal static class JsonEscapes
{
    private const int Unicode = 6; // \uXXXX

    /// <summary>
    /// Takes bytes off <paramref name="json"/> until it or the space is at its end; returns how many were written.
    /// The JSON is valid. What stands for no ASCII character becomes a byte that base 64 does not know.
    /// </summary>
    public static int Read(ref ReadOnlySpan<byte> json, Span<byte> text)
    {
        var written = 0;
        while (written < text.Length && !json.IsEmpty)
        {
            var plain = json[..Math.Min(json.Length, text.Length - written)];
            var escape = plain.IndexOf((byte)'\\');
            if (escape < 0)
                escape = plain.Length;
            json[..escape].CopyTo(text[written..]);
            written += escape;
            json = json[escape..];
            if (escape == plain.Length)
                continue;
            text[written++] = Character(json);
            json = json[(json[1] == 'u' ? Unicode : 2)..];
        }

        return written;
    }

    private static byte Character(ReadOnlySpan<byte> escape) => escape[1] switch
    {
        (byte)'u' => ushort.TryParse(escape[2..Unicode], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code < 128
            ? (byte)code
            : (byte)0,
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'/' => (byte)'/',
        _ => 0,
    };
}
