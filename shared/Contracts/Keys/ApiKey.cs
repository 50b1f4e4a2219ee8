using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlexEdit.Contracts.Keys;

/// <summary>
/// The form of API keys: <c>fx_</c>, 32 characters of Crockford's base 32 (160 random bits), and 6 characters that check the others, so that
/// a key mistyped is told from one revoked, and a key found in a text is known for one.
/// </summary>
public static class ApiKey
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "fx_";

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Secret = 32;
    private const int Check = 6;

    /// <summary>A new key.</summary>
    public static string New()
    {
        var text = new StringBuilder(Prefix);
        foreach (var value in RandomNumberGenerator.GetBytes(Secret))
            text.Append(Alphabet[value & 31]);
        return text.Append(CheckOf(text.ToString())).ToString();
    }

    /// <summary>Whether <paramref name="key"/> is a key without a typing error.</summary>
    public static bool IsWellFormed(string key) =>
        key.Length == Prefix.Length + Secret + Check && key.StartsWith(Prefix, StringComparison.Ordinal)
        && key.AsSpan(Prefix.Length + Secret).SequenceEqual(CheckOf(key[..(Prefix.Length + Secret)]));

    /// <summary>What is stored of a key: its SHA-256, lower-case hex.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string CheckOf(string text)
    {
        var digest = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes("flexedit key check " + text)));
        return string.Create(Check, digest, static (characters, rest) =>
        {
            for (var i = 0; i < characters.Length; i++, rest >>= 5)
                characters[i] = Alphabet[(int)(rest & 31)];
        });
    }
}
