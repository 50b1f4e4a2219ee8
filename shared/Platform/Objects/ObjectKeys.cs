using System.Buffers;

namespace FlexEdit.Platform.Objects;

/// <summary>The keys under which things are stored. Everything of a tenant is under <c>tenants/{tenant}/</c>.</summary>
public static class ObjectKeys
{
    private const int LongestKey = 512;
    private const int LongestPart = 128;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Prefix of everything of a tenant.</summary>
    public static string Tenant(string tenant) => $"tenants/{tenant}";

    /// <summary>An upload, addressed by its content.</summary>
    public static string Upload(string tenant, string sha256) => $"tenants/{tenant}/uploads/{sha256[..2]}/{sha256}";

    /// <summary>The upright decoding of an upload, addressed by its own content.</summary>
    public static string Upright(string tenant, string sha256) => $"tenants/{tenant}/upright/{sha256[..2]}/{sha256}.png";

    /// <summary>Prefix of everything that workers make for an edit.</summary>
    public static string Edit(string tenant, string editId) => $"tenants/{tenant}/edits/{editId}";

    /// <summary>Prefix of everything that belongs to a batch.</summary>
    public static string Batch(string tenant, string batchId) => $"tenants/{tenant}/batches/{batchId}";

    /// <summary>The body of a batch, while lines of it wait.</summary>
    public static string BatchBody(string tenant, string batchId) => $"{Batch(tenant, batchId)}/body";

    /// <summary>The SHA-256 (64 lower-case hexadecimal digits) of an object that is addressed by its content; null for other keys.</summary>
    public static string? DigestOf(string key)
    {
        var parts = key.Split('/');
        if (parts is not ["tenants", _, "uploads" or "upright", _, var name])
            return null;
        var digest = name.Split('.')[0];
        return digest.Length == 64 && digest.All(char.IsAsciiHexDigitLower) ? digest : null;
    }

    /// <summary>
    /// Whether <paramref name="key"/> is well formed: at most 512 characters in <c>/</c>-separated parts of 1 to 128 characters
    /// <c>[a-z0-9._-]</c>, none beginning with a dot. Such a key cannot leave a folder.
    /// </summary>
    public static bool IsWellFormed(string key)
    {
        if (key.Length is 0 or > LongestKey)
            return false;
        foreach (var range in key.AsSpan().Split('/'))
        {
            var part = key.AsSpan(range);
            if (part.Length is 0 or > LongestPart || part[0] == '.' || part.ContainsAnyExcept(Allowed))
                return false;
        }
        return true;
    }
}
