using System.Security.Cryptography;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>The checksum that S3 speaks (Content-MD5 and ETag). It finds accidents; nothing here trusts it against a forger.</summary>
internal static class Md5Sum
{
#pragma warning disable CA5351 // The protocol names the algorithm.
    /// <summary>MD5 of the rest of <paramref name="content"/>, 32 lower-case hexadecimal digits.</summary>
    public static async Task<string> OfAsync(Stream content, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await MD5.HashDataAsync(content, cancellationToken));
#pragma warning restore CA5351
}
