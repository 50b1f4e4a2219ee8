namespace FlexEdit.Imaging.Decoding;

/// <summary>The accepted file formats.</summary>
public enum PictureFormat
{
    /// <summary>image/jpeg</summary>
    Jpeg,

    /// <summary>image/png</summary>
    Png,

    /// <summary>image/webp</summary>
    Webp,
}

/// <summary>Names of formats.</summary>
public static class PictureFormats
{
    /// <summary>The media type.</summary>
    public static string ContentType(this PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => "image/jpeg",
        PictureFormat.Png => "image/png",
        _ => "image/webp",
    };
}
