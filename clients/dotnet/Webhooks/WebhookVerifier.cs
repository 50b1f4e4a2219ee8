using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlexEdit.Client.Webhooks;

/// <summary>
/// Verifies webhooks by the Standard Webhooks specification 1.0: an HMAC-SHA256 of <c>id.timestamp.body</c> over the raw bytes of the body,
/// in base64 behind <c>v1,</c>. Several signatures (a secret is being rotated) and several secrets are tried.
/// Keep what <c>webhook-id</c> said for a few days and drop what comes twice: a delivery may be repeated.
/// </summary>
public sealed class WebhookVerifier
{
    /// <summary>Header with the message's id; the same in every attempt to deliver it.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Header with the seconds since 1970 at which the attempt was signed.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Header with the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int LeastSecret = 24, MostSecret = 64;
    private const int MostSignatures = 16;
    private readonly byte[][] _secrets;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _time;

    /// <summary>A verifier that knows the endpoint's secrets.</summary>
    /// <param name="secrets">One or more secrets <c>whsec_…</c>: base64 of 24 to 64 bytes, the prefix may be left out.</param>
    /// <param name="tolerance">Largest difference between the signature's time and now; 5 minutes unless given.</param>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <exception cref="ArgumentException">There is no secret, or one is malformed.</exception>
    public WebhookVerifier(IEnumerable<string> secrets, TimeSpan? tolerance = null, TimeProvider? time = null)
    {
        _secrets = [.. secrets.Select(Decode)];
        if (_secrets.Length == 0)
            throw new ArgumentException("A webhook verifier needs at least one secret.", nameof(secrets));
        _tolerance = tolerance ?? TimeSpan.FromMinutes(5);
        _time = time ?? TimeProvider.System;
    }

    /// <summary>A verifier with one secret.</summary>
    /// <inheritdoc cref="WebhookVerifier(IEnumerable{string}, TimeSpan?, TimeProvider?)"/>
    public WebhookVerifier(string secret, TimeSpan? tolerance = null, TimeProvider? time = null)
        : this([secret], tolerance, time)
    {
    }

    /// <summary>Checks a message.</summary>
    /// <param name="id">Value of <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">Value of <see cref="TimestampHeader"/>.</param>
    /// <param name="signatures">Value of <see cref="SignatureHeader"/>.</param>
    /// <param name="body">The body exactly as it came.</param>
    public WebhookVerdict Verify(string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signatures))
            return WebhookVerdict.HeadersMissing;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return WebhookVerdict.TimestampMalformed;
        var age = _time.GetUtcNow().ToUnixTimeSeconds() - seconds;
        if (age > _tolerance.TotalSeconds)
            return WebhookVerdict.TooOld;
        if (age < -_tolerance.TotalSeconds)
            return WebhookVerdict.FromTheFuture;

        var head = Encoding.UTF8.GetBytes($"{id}.{timestamp}.");
        var good = false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in _secrets)
        {
            Sign(secret, head, body, expected);
            foreach (var signature in signatures.Split(' ', MostSignatures + 1).Take(MostSignatures))
            {
                if (signature.StartsWith(Version, StringComparison.Ordinal)
                    && Convert.TryFromBase64Chars(signature.AsSpan(Version.Length), given, out var length) && length == given.Length)
                    good |= CryptographicOperations.FixedTimeEquals(expected, given);
            }
        }
        return good ? WebhookVerdict.Good : WebhookVerdict.SignatureWrong;
    }

    private static void Sign(byte[] secret, byte[] head, ReadOnlySpan<byte> body, Span<byte> signature)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(head);
        hmac.AppendData(body);
        hmac.GetHashAndReset(signature);
    }

    private static byte[] Decode(string secret)
    {
        var text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var bytes = new byte[MostSecret + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length is < LeastSecret or > MostSecret)
            throw new ArgumentException($"A webhook secret is '{SecretPrefix}' and the base64 of {LeastSecret} to {MostSecret} bytes.", nameof(secret));
        return bytes[..length];
    }
}
