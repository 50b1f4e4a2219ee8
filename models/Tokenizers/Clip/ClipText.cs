using System.Globalization;
using System.Text;

namespace FlexEdit.Models.Tokenizers.Clip;

/// <summary>How CLIP's tokenizer cleans text and cuts it into words (transformers, <c>CLIPTokenizer</c> without ftfy: <c>BasicTokenizer</c> and the pattern of openai/CLIP).</summary>
internal static class ClipText
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>Cuts text into contractions, runs of letters, single digits and runs of other signs; lower-case, in Unicode form C.</summary>
    public static IEnumerable<string> Words(string text)
    {
        foreach (var part in Clean(text).Split([' ', '\u2028', '\u2029'], StringSplitOptions.RemoveEmptyEntries))
        {
            var lower = Lower(part);
            for (var at = 0; at < lower.Length;)
            {
                var length = WordLength(lower.AsSpan(at));
                yield return lower.Substring(at, length);
                at += length;
            }
        }
    }

    /// <summary>Drops invisible characters, makes white space plain, puts ideographs apart.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r' || Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator)
                clean.Append(' ');
            else if (rune.Value == 0xFFFD || IsInvisible(rune))
                continue;
            else if (IsIdeograph(rune.Value))
                clean.Append(' ').Append(rune.ToString()).Append(' ');
            else
                clean.Append(rune.ToString());
        }
        return CanonicalComposition.Normalize(clean.ToString());
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    // The blocks that BERT's tokenizer calls CJK.
    private static bool IsIdeograph(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Lower case as Python has it: with the two characters whose full mapping differs from the simple one.</summary>
    private static string Lower(string word)
    {
        var lower = word.ToLowerInvariant();
        if (!word.AsSpan().ContainsAny('\u0130', '\u03A3'))
            return lower;
        var result = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\u0130')
                result.Append("i\u0307");
            else if (word[i] == '\u03A3' && i > 0 && char.IsLetter(word[i - 1]) && (i + 1 == word.Length || !char.IsLetter(word[i + 1])))
                result.Append('\u03C2');
            else
                result.Append(lower[i]);
        }
        return result.ToString();
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        foreach (var contraction in Contractions)
            if (text.StartsWith(contraction, StringComparison.Ordinal))
                return contraction.Length;
        var kind = KindOf(text, out var length);
        if (kind == Kind.Number)
            return length;
        var end = length;
        while (end < text.Length && KindOf(text[end..], out length) == kind)
            end += length;
        return end;
    }

    private static Kind KindOf(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Sign,
        };
    }

    private enum Kind
    {
        Letter,
        Number,
        Sign,
    }
}
