namespace FlexEdit.Imaging;

/// <summary>A picture that is refused. The message is one sentence for the person who sent it.</summary>
public sealed class PictureException : Exception
{
    /// <summary>415: no JPEG, PNG or WebP.</summary>
    public const string Unsupported = "unsupported_image";

    /// <summary>422: one of these, but damaged.</summary>
    public const string Invalid = "invalid_image";

    /// <summary>422: more than one frame.</summary>
    public const string Animated = "animated_image";

    /// <summary>413: too many pixels.</summary>
    public const string TooLarge = "image_too_large";

    /// <summary>413: too many bytes.</summary>
    public const string PayloadTooLarge = "payload_too_large";

    /// <summary>A refusal.</summary>
    /// <param name="code">One of this class's constants, the API's error code.</param>
    /// <param name="message">What is wrong and what to send instead.</param>
    /// <param name="inner">The decoder's own words, for the log only.</param>
    public PictureException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The API's error code.</summary>
    public string Code { get; }
}
