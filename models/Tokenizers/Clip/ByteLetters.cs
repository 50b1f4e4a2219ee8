using System.Collections.Frozen;

namespace FlexEdit.Models.Tokenizers.Clip;

/// <summary>GPT-2's visible letter for every byte, in which vocabularies of byte-level pair encoding are written (openai/gpt-2, <c>bytes_to_unicode</c>).</summary>
internal static class ByteLetters
{
    /// <summary>The letter of each byte.</summary>
    public static readonly char[] Letters = Make();

    /// <summary>The byte of each letter.</summary>
    public static readonly FrozenDictionary<char, byte> Bytes = Letters.Index().ToFrozenDictionary(l => l.Item, l => (byte)l.Index);

    private static char[] Make()
    {
        var letters = new char[256];
        // Bytes that are no visible Latin-1 character get the letters from U+0100 on.
        var spare = (char)256;
        for (var b = 0; b < 256; b++)
            letters[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)b : spare++;
        return letters;
    }
}
