namespace FlexEdit.Platform.Objects;

/// <summary>Media types that a key's extension says by itself, so that they need not be stored.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    public static string OfKey(string key) => Path.GetExtension(key) switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".webp" => "image/webp",
        ".json" => "application/json",
        _ => Unknown,
    };
}
