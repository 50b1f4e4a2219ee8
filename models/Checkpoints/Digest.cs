using System.Security.Cryptography;

namespace FlexEdit.Models.Checkpoints;

/// <summary>SHA-256 of files, as model cards give it.</summary>
public static class Digest
{
    /// <summary>The digest in lower-case hexadecimal.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Of(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
