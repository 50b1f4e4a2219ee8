namespace FlexEdit.Platform.Problems;

/// <summary>The short, unchanging name of each error (RFC 9457, section 3.1.3), made from its code.</summary>
public static class ProblemTitles
{
    /// <summary><c>mask_size_mismatch</c> becomes <c>Mask size mismatch</c>.</summary>
    public static string Of(string code) =>
        string.Create(code.Length, code, static (title, code) =>
        {
            for (var i = 0; i < code.Length; i++)
                title[i] = code[i] == '_' ? ' ' : i == 0 ? char.ToUpperInvariant(code[i]) : code[i];
        });
}
