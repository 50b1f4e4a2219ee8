using System.Globalization;

namespace FlexEdit.Models.Tokenizers;

/// <summary>Names of the control tokens of our own vocabularies.</summary>
public static class ControlTokens
{
    /// <summary>A character that the vocabulary cannot write.</summary>
    public const string Unknown = "<unk>";
    /// <summary>Begins a sequence.</summary>
    public const string Begin = "<bos>";
    /// <summary>Ends an answer.</summary>
    public const string End = "<eos>";
    /// <summary>Fills shorter sequences of a batch.</summary>
    public const string Padding = "<pad>";
    /// <summary>Stands where a picture's features go.</summary>
    public const string Picture = "<image>";

    /// <summary>The i-th image token of an answer, whose hidden state becomes part of the edit embedding.</summary>
    public static string Image(int index) => string.Create(CultureInfo.InvariantCulture, $"<img_{index}>");

    /// <summary>Whether a token only frames a sequence and is no part of what it says.</summary>
    internal static bool Frames(string name) => name is Begin or End or Padding;
}
