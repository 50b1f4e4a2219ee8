namespace FlexEdit.Platform.Objects;

/// <summary>The keys under which things are stored. Everything of a tenant is under <c>tenants/{tenant}/</c>.</summary>
public static class ObjectKeys
{
    /// <summary>An upload, addressed by its content.</summary>
    public static string Upload(string tenant, string sha256) => $"tenants/{tenant}/uploads/{sha256[..2]}/{sha256}";

    /// <summary>The upright decoding of an upload, addressed by its own content.</summary>
    public static string Upright(string tenant, string sha256) => $"tenants/{tenant}/upright/{sha256[..2]}/{sha256}.png";

    /// <summary>Prefix of everything that workers make for an edit.</summary>
    public static string Edit(string tenant, string editId) => $"tenants/{tenant}/edits/{editId}";
}
