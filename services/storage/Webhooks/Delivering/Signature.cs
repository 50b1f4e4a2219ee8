using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Signs by Standard Webhooks 1.0: <c>v1,</c> and the base64 of an HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class Signature
{
    public const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;

    /// <summary>A new secret: 32 random bytes.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What stands before the body in the text that is signed.</summary>
    public static byte[] Before(string id, long timestamp) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));

    /// <summary>For the header <c>webhook-signature</c>: one signature for each secret, separated by spaces.</summary>
    /// <param name="id">Id of the message.</param>
    /// <param name="timestamp">Seconds since 1970 of this attempt.</param>
    /// <param name="body">The very bytes that are sent.</param>
    /// <param name="secrets">Secrets <c>whsec_…</c>.</param>
    public static string Of(string id, long timestamp, ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        var before = Before(id, timestamp);
        var signatures = new List<string>();
        foreach (var secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[SecretPrefix.Length..]));
            hmac.AppendData(before);
            hmac.AppendData(body);
            signatures.Add("v1," + Convert.ToBase64String(hmac.GetHashAndReset()));
        }
        return string.Join(' ', signatures);
    }
}
