namespace FlexEdit.Models.Tokenizers;

/// <summary>Turns text into the numbers that a language model reads, and back. Deterministic, independent of the system's language, safe for use from several threads.</summary>
public interface ITextTokenizer
{
    /// <summary>Number of ids; every id is below it.</summary>
    int VocabularySize { get; }

    /// <summary>Ids of the control tokens by their names: <c>&lt;bos&gt;</c>, <c>&lt;image&gt;</c>, <c>&lt;img_0&gt;</c> and so on.</summary>
    IReadOnlyDictionary<string, long> Controls { get; }

    /// <summary>
    /// Encodes plain text. Text never becomes a control token, whatever it says, and no control token is added; <see cref="PromptBuilder"/> puts them in.
    /// Any string can be encoded.
    /// </summary>
    IReadOnlyList<long> Encode(string text);

    /// <summary>Restores readable text.</summary>
    /// <param name="ids">What a model wrote.</param>
    /// <param name="withControls">Whether control tokens are written by their names. Those that only frame a sequence (begin, end, padding) never are.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the vocabulary.</exception>
    string Decode(IEnumerable<long> ids, bool withControls = false);
}
