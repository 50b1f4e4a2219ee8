using System.Collections.Frozen;
using System.Security.Cryptography;

namespace FlexEdit.Gateway.Studio;

/// <summary>The page at <c>/</c>: its files are in the program, so that no folder has to travel with it.</summary>
internal sealed class StudioFiles
{
    private const string Prefix = "studio/";

    /// <summary>Everything from here, no inline script or style; pictures also as blob: and data: (previews).</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly FrozenDictionary<string, StudioFile> _files = typeof(StudioFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => StudioFile.Read(name, name[Prefix.Length..]))
        .ToFrozenDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>The files, by name.</summary>
    public IEnumerable<StudioFile> All => _files.Values;
}

/// <summary>One file of the page.</summary>
internal sealed record StudioFile(string Name, string ContentType, byte[] Bytes, string ETag)
{
    public static StudioFile Read(string resource, string name)
    {
        using var stream = typeof(StudioFile).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".json" => "application/json; charset=utf-8",
            var other => throw new InvalidOperationException($"The studio's files have no '{other}'."),
        };
        return new StudioFile(name, type, bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
    }
}
