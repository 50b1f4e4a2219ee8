using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Contracts;

/// <summary>Prefixed, sortable, opaque ids: <c>edt_</c> and a UUIDv7 (RFC 9562) in 26 characters of Crockford's base 32, lower case.</summary>
public static class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>A new id of an edit.</summary>
    public static string NewEdit(TimeProvider time) => New("edt_", time);

    /// <summary>A new id of an asset.</summary>
    public static string NewAsset(TimeProvider time) => New("ast_", time);

    /// <summary>A new id of a batch.</summary>
    public static string NewBatch(TimeProvider time) => New("bat_", time);

    /// <summary>A new id of an API key.</summary>
    public static string NewKey(TimeProvider time) => New("key_", time);

    /// <summary>A new id of a webhook endpoint.</summary>
    public static string NewWebhook(TimeProvider time) => New("whe_", time);

    /// <summary>A new id of a delivery.</summary>
    public static string NewDelivery(TimeProvider time) => New("dlv_", time);

    /// <summary>A new id of a webhook's message.</summary>
    public static string NewMessage(TimeProvider time) => New("msg_", time);

    /// <summary>Whether <paramref name="id"/> has the form of an id with <paramref name="prefix"/>.</summary>
    public static bool IsWellFormed(string id, string prefix) =>
        id.Length == prefix.Length + 26 && id.StartsWith(prefix, StringComparison.Ordinal)
        && id.AsSpan(prefix.Length).IndexOfAnyExcept(Letters) < 0;

    private static string New(string prefix, TimeProvider time)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time.GetUtcNow()).TryWriteBytes(bytes, bigEndian: true, out _);
        var value = new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        var text = new StringBuilder(prefix, prefix.Length + 26);
        for (var shift = 125; shift >= 0; shift -= 5)
            text.Append(Alphabet[(int)((value >> shift) & 31)]);
        return text.ToString();
    }
}
