using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlexEdit.Platform.Secrets;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;
using Org.BouncyCastle.Crypto.Parameters;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>
/// The installation's Ed25519 keys. Every message is signed with them too (<c>v1a</c> of Standard Webhooks 1.0), and whoever has only their public
/// halves can verify it. There may be none.
/// </summary>
internal sealed class SigningKeys(IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>How a private key begins; then the base64 of its 32 bytes, or of both halves in 64.</summary>
    public const string Prefix = "whsk_";

    private readonly Secret? _file = options.Value.SigningKeysFile is { Length: > 0 } file ? new Secret(null, file, time) : null;
    private volatile KeysOfLines _read = new([], []);

    /// <summary>The public halves, a JSON Web Key Set (RFC 7517, RFC 8037); each is named by its thumbprint (RFC 7638).</summary>
    public KeySet Public => new([.. Now().Select(key => PublicKey.Of(key.GeneratePublicKey().GetEncoded()))]);

    /// <summary>One signature for each key: <c>v1a,</c> and the base64 of 64 bytes.</summary>
    /// <inheritdoc cref="Signature.Of"/>
    public IEnumerable<string> Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] content = [.. Signature.Before(id, timestamp), .. body];
        return Now().Select(key =>
        {
            var signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
            key.Sign(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, content, 0, content.Length, signature, 0);
            return "v1a," + Convert.ToBase64String(signature);
        });
    }

    // A line that is no key is passed over: a file that somebody has spoilt does not stop the deliveries.
    private Ed25519PrivateKeyParameters[] Now()
    {
        var lines = _file?.Lines ?? options.Value.SigningKeys;
        var read = _read;
        if (!ReferenceEquals(read.Of, lines))
            _read = read = new KeysOfLines(lines, [.. lines.Select(Read).OfType<Ed25519PrivateKeyParameters>()]);
        return read.Keys;
    }

    /// <summary>A private key; null where the text is none.</summary>
    public static Ed25519PrivateKeyParameters? Read(string text)
    {
        var bytes = new byte[64];
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var count) || count is not (32 or 64))
            return null;
        var key = new Ed25519PrivateKeyParameters(bytes, 0);
        return count == 32 || key.GeneratePublicKey().GetEncoded().AsSpan().SequenceEqual(bytes.AsSpan(32)) ? key : null;
    }

    private sealed record KeysOfLines(IReadOnlyList<string> Of, Ed25519PrivateKeyParameters[] Keys);
}

/// <summary>A JSON Web Key Set.</summary>
/// <param name="Keys">The keys.</param>
internal sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>A public Ed25519 key as a JSON Web Key.</summary>
/// <param name="Kid">Its name: the thumbprint.</param>
/// <param name="X">The 32 bytes, base64url.</param>
internal sealed record PublicKey(string Kid, string X)
{
    /// <summary>Octet key pair.</summary>
    public string Kty { get; init; } = "OKP";
    /// <summary>The curve.</summary>
    public string Crv { get; init; } = "Ed25519";
    /// <summary>How it signs.</summary>
    public string Alg { get; init; } = "EdDSA";
    /// <summary>What it is for.</summary>
    public string Use { get; init; } = "sig";

    /// <summary>The key of these 32 bytes.</summary>
    public static PublicKey Of(byte[] bytes)
    {
        var x = Base64Url.EncodeToString(bytes);
        return new PublicKey(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"Ed25519","kty":"OKP","x":"{{x}}"}"""))), x);
    }
}
