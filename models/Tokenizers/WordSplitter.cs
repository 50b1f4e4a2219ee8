using System.Globalization;
using System.Text;

namespace FlexEdit.Models.Tokenizers;

/// <summary>Cuts text into lower-case words and single signs.</summary>
public static class WordSplitter
{
    /// <summary>
    /// A word is a run of letters, digits and the marks on them; every other visible character is a piece of its own;
    /// white space and invisible characters only separate. Pieces are lower-case (invariant) and in Unicode form C.
    /// </summary>
    public static IEnumerable<string> Split(string text)
    {
        var normal = CanonicalComposition.Normalize(text.ToLowerInvariant());
        var start = 0;
        var at = 0;
        foreach (var rune in normal.EnumerateRunes())
        {
            var length = rune.Utf16SequenceLength;
            if (!BelongsToWord(rune))
            {
                if (at > start)
                    yield return normal[start..at];
                if (!Separates(rune))
                    yield return normal.Substring(at, length);
                start = at + length;
            }
            at += length;
        }
        if (at > start)
            yield return normal[start..at];
    }

    private static bool BelongsToWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark;

    private static bool Separates(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;
}
