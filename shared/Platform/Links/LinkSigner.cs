using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Links;

/// <summary>
/// Addresses that are good for a while without a key, for clients that send none to what an answer names. The token says until when and whose, and is bound to its path:
/// base64url of 8 bytes (Unix seconds, big-endian), 32 bytes (HMAC-SHA256 over path, a line break, these seconds and the tenant), and the tenant. Its key comes from the
/// installation's shared token, while that is replaced from the new or the old one; without one, in a single process, it is drawn at the start, and a restart ends all addresses.
/// </summary>
public sealed class LinkSigner(IOptions<InternalOptions> trust, IOptions<LinksOptions> options, TimeProvider time)
{
    /// <summary>The query value that holds the token.</summary>
    public const string Query = "token";

    private const int SecondsLength = sizeof(long);
    private const int Head = SecondsLength + HMACSHA256.HashSizeInBytes;
    private const int LongestToken = 256;

    private readonly byte[] _drawn = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private volatile DerivedKeys? _derived;

    /// <summary>A path with a token that lets its bearer read it in the name of <paramref name="tenant"/>.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="path">As it will be asked for, without a query.</param>
    public string Sign(string tenant, string path)
    {
        var token = new byte[Head + tenant.Length];
        BinaryPrimitives.WriteInt64BigEndian(token, (time.GetUtcNow() + options.Value.Lifetime).ToUnixTimeSeconds());
        Encoding.ASCII.GetBytes(tenant, token.AsSpan(Head));
        Mac(Keys()[0], path, token.AsSpan(0, SecondsLength), token.AsSpan(Head)).CopyTo(token, SecondsLength);
        return $"{path}?{Query}={Base64Url.EncodeToString(token)}";
    }

    /// <summary>Whose a path is by its token; null where the token is none, is another path's, or was good once.</summary>
    public string? TenantOf(string path, string token)
    {
        if (token.Length > LongestToken || !Base64Url.IsValid(token))
            return null;
        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= Head)
            return null;
        var (seconds, tenant) = (bytes[..SecondsLength].ToArray(), bytes[Head..].ToArray());
        var mac = bytes[SecondsLength..Head].ToArray();
        return Array.Exists(Keys(), key => CryptographicOperations.FixedTimeEquals(mac, Mac(key, path, seconds, tenant)))
            && BinaryPrimitives.ReadInt64BigEndian(seconds) > time.GetUtcNow().ToUnixTimeSeconds()
            && Encoding.ASCII.GetString(tenant) is { } name && TenantOfRequest.IsWellFormed(name)
            ? name
            : null;
    }

    // Of every token that holds now, the newest first.
    private byte[][] Keys()
    {
        var tokens = trust.Value.Tokens;
        if (tokens.Count == 0)
            return [_drawn];
        if (_derived is { } derived && ReferenceEquals(derived.Tokens, tokens))
            return derived.Keys;
        var keys = tokens.Select(token => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(token), HMACSHA256.HashSizeInBytes, info: "flexedit links 1"u8.ToArray())).ToArray();
        _derived = new DerivedKeys(tokens, keys);
        return keys;
    }

    private sealed record DerivedKeys(IReadOnlyList<string> Tokens, byte[][] Keys);

    private static byte[] Mac(byte[] key, string path, ReadOnlySpan<byte> seconds, ReadOnlySpan<byte> tenant) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes(path), (byte)'\n', .. seconds, .. tenant]);
}
