using System.Text;

namespace FlexEdit.Models.Tokenizers;

/// <summary>What a piece of decoded text is.</summary>
internal enum WordPieceKind
{
    /// <summary>A word or a sign.</summary>
    Word,
    /// <summary>Goes on the word before it.</summary>
    Continuation,
    /// <summary>A control token's name.</summary>
    Control,
}

/// <summary>A piece of decoded text.</summary>
internal readonly record struct WordPiece(string Text, WordPieceKind Kind)
{
    public bool Is(string text) => Kind == WordPieceKind.Word && Text == text;

    public bool EndsWithDigit => Kind != WordPieceKind.Control && char.IsAsciiDigit(Text[^1]);

    public bool IsWord => Kind != WordPieceKind.Control && Text.EnumerateRunes().Any(Rune.IsLetterOrDigit);
}

/// <summary>Writes words and signs as a person would: blanks where they belong, quotation marks closed, sentences begun with a capital.</summary>
internal static class WordJoiner
{
    private const string Closing = ".,;:!?)]}>%”…。，、";
    private const string Opening = "([{<#$“¿¡";
    private const string Joining = "-/_@\\’";
    private static readonly string[] AfterApostrophe = ["s", "t", "re", "ve", "ll", "d", "m"];

    public static string Join(IReadOnlyList<WordPiece> pieces)
    {
        var text = new StringBuilder();
        var sentenceBegins = true;
        var glued = true;
        var open = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            var (before, after) = Sides(pieces, i, open);
            if (!glued && !before)
                text.Append(' ');
            glued = after;

            if (sentenceBegins && piece.IsWord)
                AppendCapital(text, piece.Text);
            else
                text.Append(piece.Text);
            sentenceBegins = piece.Is(".") || piece.Is("!") || piece.Is("?") || (sentenceBegins && !piece.IsWord && piece.Kind == WordPieceKind.Word);
        }
        return text.ToString();
    }

    /// <summary>Whether a piece sticks to what is before it and to what is after it.</summary>
    private static (bool Before, bool After) Sides(IReadOnlyList<WordPiece> pieces, int i, HashSet<string> open)
    {
        var piece = pieces[i];
        switch (piece.Kind)
        {
            case WordPieceKind.Continuation:
                return (true, false);
            case WordPieceKind.Control:
                return (i > 0 && pieces[i - 1].Kind == WordPieceKind.Control, false);
        }
        if (piece.Is("'") && i > 0 && pieces[i - 1].IsWord && i + 1 < pieces.Count && AfterApostrophe.Contains(pieces[i + 1].Text))
            return (true, true);
        if (piece.Is("\"") || piece.Is("'"))
        {
            var opens = open.Add(piece.Text);
            if (!opens)
                open.Remove(piece.Text);
            return (!opens, opens);
        }
        if (piece.Is(".") || piece.Is(","))
            return (true, i > 0 && pieces[i - 1].EndsWithDigit && i + 1 < pieces.Count && char.IsAsciiDigit(pieces[i + 1].Text[0]));
        if (piece.Text.Length != 1)
            return (false, false);
        var sign = piece.Text[0];
        return Joining.Contains(sign) ? (true, true) : (Closing.Contains(sign), Opening.Contains(sign));
    }

    private static void AppendCapital(StringBuilder text, string word)
    {
        var first = Rune.GetRuneAt(word, 0);
        text.Append(Rune.ToUpperInvariant(first).ToString()).Append(word, first.Utf16SequenceLength, word.Length - first.Utf16SequenceLength);
    }
}
