namespace FlexEdit.Gateway.Decoding;

/// <summary>Which pixels of a mask picture are to be edited (API.md, <c>mask_polarity</c>).</summary>
internal static class MaskPolarity
{
    /// <summary><see cref="TransparentEdits"/> where the alpha channel is not constant, else <see cref="WhiteEdits"/>.</summary>
    public const string Auto = "auto";
    /// <summary>Brightness 128 and more.</summary>
    public const string WhiteEdits = "white_edits";
    /// <summary>Brightness below 128.</summary>
    public const string BlackEdits = "black_edits";
    /// <summary>Alpha below 128: the convention of OpenAI's image edits.</summary>
    public const string TransparentEdits = "transparent_edits";
    /// <summary>Alpha 128 and more.</summary>
    public const string OpaqueEdits = "opaque_edits";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, WhiteEdits, BlackEdits, TransparentEdits, OpaqueEdits];
}
